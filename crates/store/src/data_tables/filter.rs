//! Which rows of a table are meant.

use std::cmp::Ordering;
use std::str::FromStr;

use serde_json::Value;

use super::Columns;

/// Conditions on the columns of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFilter {
    /// How the conditions are joined.
    pub operator: Operator,
    /// The conditions. Without any, every row is let through.
    pub expressions: Vec<TableExpression>,
}

/// How conditions are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// All must hold.
    And,
    /// One must hold.
    Or,
}

/// A condition on one column.
#[derive(Clone, Debug, PartialEq)]
pub struct TableExpression {
    /// The column.
    pub field: String,
    /// How it is compared.
    pub operand: Operand,
    /// What it is compared with.
    pub value: Value,
    /// What the column is said to hold: `string` compares digits as text, so that `007` is not `7`; anything else
    /// compares numbers by their value.
    pub kind: String,
}

/// How a column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// Has the value as a part: of a text, or of a list.
    Contains,
    /// Has not the value as a part.
    NotContains,
    /// Begins with the value.
    StartsWith,
    /// Ends with the value.
    EndsWith,
    /// Is one of the values: a list, or a text with commas.
    In,
    /// Is none of the values.
    NotIn,
}

/// No operand is written so.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` does not compare columns: give =, !=, >, >=, <, <=, contains, notContains, startsWith, endsWith, in or notIn"
)]
pub struct UnknownOperand(String);

/// No operator is written so.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not join conditions: give and or or")]
pub struct UnknownOperator(String);

impl FromStr for Operand {
    type Err = UnknownOperand;

    /// Words in any letter case, with or without spaces or lines between their parts.
    fn from_str(text: &str) -> Result<Self, UnknownOperand> {
        let word: String = text.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).collect::<String>().to_lowercase();
        Ok(match word.as_str() {
            "=" | "==" | "===" | "equal" | "equals" | "equalsto" | "equalto" | "eq" => Self::Equal,
            "!=" | "!==" | "<>" | "notequal" | "notequals" | "notequalsto" | "notequalto" | "ne" => Self::NotEqual,
            ">" | "greaterthan" | "gt" => Self::Greater,
            ">=" | "greaterthanorequal" | "greaterthanorequalto" | "greaterthanequalsto" | "gte" => {
                Self::GreaterOrEqual
            }
            "<" | "lessthan" | "lt" => Self::Less,
            "<=" | "lessthanorequal" | "lessthanorequalto" | "lessthanequalsto" | "lte" => Self::LessOrEqual,
            "contains" | "like" => Self::Contains,
            "notcontains" | "doesnotcontain" | "notlike" => Self::NotContains,
            "startswith" | "beginswith" => Self::StartsWith,
            "endswith" => Self::EndsWith,
            "in" => Self::In,
            "notin" => Self::NotIn,
            _ => return Err(UnknownOperand(text.to_owned())),
        })
    }
}

impl FromStr for Operator {
    type Err = UnknownOperator;

    /// In any letter case.
    fn from_str(text: &str) -> Result<Self, UnknownOperator> {
        match text.to_lowercase().as_str() {
            "and" => Ok(Self::And),
            "or" => Ok(Self::Or),
            _ => Err(UnknownOperator(text.to_owned())),
        }
    }
}

impl TableFilter {
    /// Whether a row is meant.
    pub fn lets_through(&self, row: &Columns) -> bool {
        let mut holds = self.expressions.iter().map(|expression| expression.holds(row));
        match self.operator {
            Operator::And => holds.all(|holds| holds),
            Operator::Or => self.expressions.is_empty() || holds.any(|holds| holds),
        }
    }
}

impl TableExpression {
    fn holds(&self, row: &Columns) -> bool {
        let column = row.get(&self.field).filter(|value| !value.is_null());
        match self.operand {
            Operand::Equal => self.equals(column, &self.value),
            Operand::NotEqual => !self.equals(column, &self.value),
            Operand::Greater => self.is_ordered(column, Ordering::is_gt),
            Operand::GreaterOrEqual => self.is_ordered(column, Ordering::is_ge),
            Operand::Less => self.is_ordered(column, Ordering::is_lt),
            Operand::LessOrEqual => self.is_ordered(column, Ordering::is_le),
            Operand::Contains => self.is_contained(column),
            Operand::NotContains => !self.is_contained(column),
            Operand::StartsWith => column.is_some_and(|column| text(column).starts_with(&text(&self.value))),
            Operand::EndsWith => column.is_some_and(|column| text(column).ends_with(&text(&self.value))),
            Operand::In => self.is_listed(column),
            Operand::NotIn => !self.is_listed(column),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        if self.kind.eq_ignore_ascii_case("string") { text(a).cmp(&text(b)) } else { order(Some(a), Some(b)) }
    }

    /// An absent column equals null and the empty text, which is what an unset variable is filled in as.
    fn equals(&self, column: Option<&Value>, value: &Value) -> bool {
        match column {
            Some(column) => self.compare(column, value).is_eq(),
            None => text(value).is_empty(),
        }
    }

    fn is_ordered(&self, column: Option<&Value>, wanted: fn(Ordering) -> bool) -> bool {
        column.is_some_and(|column| wanted(self.compare(column, &self.value)))
    }

    fn is_contained(&self, column: Option<&Value>) -> bool {
        match column {
            Some(Value::Array(items)) => items.iter().any(|item| self.equals(Some(item), &self.value)),
            Some(column) => text(column).contains(&text(&self.value)),
            None => false,
        }
    }

    fn is_listed(&self, column: Option<&Value>) -> bool {
        match &self.value {
            Value::Array(values) => values.iter().any(|value| self.equals(column, value)),
            Value::String(values) => {
                values.split(',').any(|value| self.equals(column, &Value::String(value.trim().to_owned())))
            }
            value => self.equals(column, value),
        }
    }
}

/// The order of two values: numbers by their value, anything else as text; what is absent comes first.
pub(super) fn order(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => match (Numeric::of(a), Numeric::of(b)) {
            (Some(a), Some(b)) => a.order(b),
            _ => text(a).cmp(&text(b)),
        },
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// A number. Whole ones are kept exactly: telephone and account numbers are longer than what a float tells apart.
#[derive(Clone, Copy)]
enum Numeric {
    Whole(i128),
    Float(f64),
}

impl Numeric {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(_) | Value::String(_) => {
                let text = text(value);
                let text = text.trim();
                if let Ok(whole) = text.parse() {
                    return Some(Self::Whole(whole));
                }
                // Rust also reads words, such as `infinity` and `nan`.
                let is_digits = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
                text.parse().ok().filter(|_| is_digits).map(Self::Float)
            }
            _ => None,
        }
    }

    fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (a, b) => a.float().total_cmp(&b.float()),
        }
    }

    fn float(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Float(float) => float,
        }
    }
}

/// A value as a template would fill it in.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
