//! Whose script runs next: a queue for every bot, and for every bot at most its share of the workers.
//!
//! The data of the [`Gate`](crate::gate::Gate), without any waiting: questions in, decisions out.

use std::collections::{HashMap, VecDeque};

/// How many may run and wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Runs at the same time, of all bots. At least 1.
    pub(crate) workers: usize,
    /// Runs at the same time, of one bot. At least 1; when it is less than `workers`, no bot alone makes others wait.
    pub(crate) per_bot: usize,
    /// Runs of one bot that may wait.
    pub(crate) waiting_per_bot: usize,
}

/// A place in the queue of a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ticket(u64);

/// What whoever asks for a turn gets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The turn: it holds a worker until [`Turns::release`].
    Begins,
    /// A place in the queue, until [`Turns::release`] gives out the ticket or [`Turns::leave`] takes it back.
    Waits(Ticket),
    /// Nothing: as many runs of the bot as may wait do so already.
    Refused,
}

/// Who runs and who waits. While a bot may have one more worker and there is one, nobody of that bot waits.
#[derive(Debug)]
pub(crate) struct Turns {
    rules: Rules,
    /// Every bot that runs or waits.
    bots: HashMap<String, Bot>,
    /// The bots that wait, the one whose last turn began or ended longest ago first.
    round: VecDeque<String>,
    busy: usize,
    tickets: u64,
}

#[derive(Debug, Default)]
struct Bot {
    running: usize,
    waiting: VecDeque<Ticket>,
}

impl Turns {
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, bots: HashMap::new(), round: VecDeque::new(), busy: 0, tickets: 0 }
    }

    /// Asks for a turn of a bot.
    pub(crate) fn ask(&mut self, name: &str) -> Asked {
        let bot = self.bots.entry(name.to_owned()).or_default();
        if bot.waiting.is_empty() && bot.running < self.rules.per_bot && self.busy < self.rules.workers {
            bot.running += 1;
            self.busy += 1;
            return Asked::Begins;
        }
        if bot.waiting.len() >= self.rules.waiting_per_bot {
            self.forget_if_gone(name);
            return Asked::Refused;
        }
        if bot.waiting.is_empty() {
            self.round.push_back(name.to_owned());
        }
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        bot.waiting.push_back(ticket);
        Asked::Waits(ticket)
    }

    /// Ends a turn of a bot. The ticket that is given out now holds the worker.
    pub(crate) fn release(&mut self, name: &str) -> Option<Ticket> {
        if let Some(bot) = self.bots.get_mut(name) {
            bot.running = bot.running.saturating_sub(1);
            self.busy = self.busy.saturating_sub(1);
            if !bot.waiting.is_empty() {
                // It had its turn just now, however long it waits for the next one.
                self.round.retain(|waiting| waiting != name);
                self.round.push_back(name.to_owned());
            }
        }
        let next = self.next();
        self.forget_if_gone(name);
        next
    }

    /// Gives a place in the queue of a bot back; whether there was one still.
    pub(crate) fn leave(&mut self, name: &str, ticket: Ticket) -> bool {
        let Some(bot) = self.bots.get_mut(name) else { return false };
        let Some(at) = bot.waiting.iter().position(|waiting| *waiting == ticket) else { return false };
        bot.waiting.remove(at);
        if bot.waiting.is_empty() {
            self.round.retain(|waiting| waiting != name);
        }
        self.forget_if_gone(name);
        true
    }

    /// Serves the bot that holds the fewest workers; of several the one that was served longest ago.
    fn next(&mut self) -> Option<Ticket> {
        if self.busy >= self.rules.workers {
            return None;
        }
        let running = |name: &String| self.bots.get(name).map_or(0, |bot| bot.running);
        let (at, running) = self.round.iter().map(running).enumerate().min_by_key(|(at, running)| (*running, *at))?;
        if running >= self.rules.per_bot {
            return None;
        }
        let name = self.round.remove(at)?;
        let bot = self.bots.get_mut(&name)?;
        let ticket = bot.waiting.pop_front()?;
        bot.running += 1;
        self.busy += 1;
        if !bot.waiting.is_empty() {
            self.round.push_back(name);
        }
        Some(ticket)
    }

    fn forget_if_gone(&mut self, name: &str) {
        if self.bots.get(name).is_some_and(|bot| bot.running == 0 && bot.waiting.is_empty()) {
            self.bots.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes the turns of a scenario: what runs is a list of bots with the number of the run, in the order of beginning.
    struct Stage {
        turns: Turns,
        asked: HashMap<Ticket, (&'static str, usize)>,
        counts: HashMap<&'static str, usize>,
        running: Vec<(&'static str, usize)>,
    }

    impl Stage {
        fn new(workers: usize, per_bot: usize, waiting_per_bot: usize) -> Self {
            let turns = Turns::new(Rules { workers, per_bot, waiting_per_bot });
            Self { turns, asked: HashMap::new(), counts: HashMap::new(), running: Vec::new() }
        }

        fn ask(&mut self, bot: &'static str) -> Asked {
            let count = self.counts.entry(bot).or_default();
            *count += 1;
            let asked = self.turns.ask(bot);
            match asked {
                Asked::Begins => self.running.push((bot, *count)),
                Asked::Waits(ticket) => drop(self.asked.insert(ticket, (bot, *count))),
                Asked::Refused => {}
            }
            asked
        }

        fn ask_often(&mut self, bot: &'static str, times: usize) {
            for _ in 0..times {
                self.ask(bot);
            }
        }

        /// Ends the turn that runs longest; the run that begins in its place.
        fn end_oldest(&mut self) -> Option<(&'static str, usize)> {
            let (bot, _) = self.running.remove(0);
            let begun = self.turns.release(bot).map(|ticket| self.asked.remove(&ticket).unwrap());
            self.running.extend(begun);
            begun
        }

        fn running(&self) -> String {
            self.running.iter().map(|(bot, n)| format!("{bot}{n}")).collect::<Vec<_>>().join(" ")
        }

        /// What runs after each end, until nothing does.
        fn play(&mut self) -> Vec<String> {
            let mut played = vec![self.running()];
            while !self.running.is_empty() {
                self.end_oldest();
                played.push(self.running());
            }
            assert!(self.turns.bots.is_empty() && self.turns.round.is_empty() && self.turns.busy == 0);
            played
        }
    }

    #[test]
    fn one_bot_is_served_in_order_up_to_its_share() {
        let mut stage = Stage::new(3, 2, 10);
        stage.ask_often("a", 4);
        assert_eq!(stage.play(), ["a1 a2", "a2 a3", "a3 a4", "a4", ""]);
    }

    #[test]
    fn a_bot_that_floods_leaves_a_worker_for_the_next_one() {
        let mut stage = Stage::new(2, 1, 100);
        stage.ask_often("a", 50);
        assert_eq!(stage.ask("b"), Asked::Begins);
        assert_eq!(stage.running(), "a1 b1");
    }

    #[test]
    fn many_bots_that_flood_delay_another_by_one_round() {
        let mut stage = Stage::new(2, 1, 100);
        for bot in ["a", "b", "c"] {
            stage.ask_often(bot, 30);
        }
        stage.ask("quiet");
        // a and b hold a worker each until their turn ends, and c was there before.
        assert_eq!(stage.running(), "a1 b1");
        assert_eq!(stage.end_oldest(), Some(("c", 1)));
        assert_eq!(stage.end_oldest(), Some(("quiet", 1)));
    }

    #[test]
    fn with_a_single_worker_a_flood_delays_others_by_one_turn() {
        let mut stage = Stage::new(1, 1, 100);
        stage.ask_often("a", 9);
        stage.ask_often("b", 2);
        let begun: Vec<_> = std::iter::from_fn(|| stage.end_oldest()).take(5).collect();
        assert_eq!(begun, [("b", 1), ("a", 2), ("b", 2), ("a", 3), ("a", 4)]);
    }

    #[test]
    fn who_holds_the_fewest_workers_is_served_first() {
        let mut stage = Stage::new(4, 3, 100);
        stage.ask_often("a", 9);
        stage.ask_often("b", 9);
        assert_eq!(stage.running(), "a1 a2 a3 b1");
        let begun: Vec<_> = std::iter::from_fn(|| stage.end_oldest()).take(4).collect();
        assert_eq!(begun, [("b", 2), ("a", 4), ("a", 5), ("b", 3)]);
    }

    #[test]
    fn a_full_queue_refuses_its_own_bot_only() {
        let mut stage = Stage::new(2, 1, 2);
        stage.ask_often("a", 3);
        assert_eq!(stage.ask("a"), Asked::Refused);
        assert_eq!(stage.ask("b"), Asked::Begins);
        assert!(matches!(stage.ask("b"), Asked::Waits(_)));
        assert_eq!(stage.end_oldest(), Some(("a", 2)));
        assert!(matches!(stage.ask("a"), Asked::Waits(_)), "there is room again");
        stage.play();
        // Nobody may wait: what cannot begin is refused.
        let mut strict = Stage::new(1, 1, 0);
        assert_eq!(
            (strict.ask("a"), strict.ask("b"), strict.ask("a")),
            (Asked::Begins, Asked::Refused, Asked::Refused)
        );
        strict.play();
    }

    #[test]
    fn who_leaves_makes_room_and_holds_nothing() {
        let mut stage = Stage::new(1, 1, 2);
        stage.ask("a");
        let Asked::Waits(first) = stage.ask("b") else { panic!("it has to wait") };
        stage.ask("c");
        assert!(stage.turns.leave("b", first) && !stage.turns.leave("b", first) && !stage.turns.leave("x", first));
        assert_eq!(stage.play(), ["a1", "c1", ""]);
    }

    /// Whatever is asked, ended and left in whatever order: no limit is broken, no worker rests while somebody may have it,
    /// and everybody is served.
    #[test]
    fn the_rules_hold_in_any_order() {
        let bots = ["a", "b", "c", "d", "e"];
        let mut random = 1u64;
        let mut draw = |below: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % below
        };
        for (workers, per_bot) in [(1, 1), (2, 1), (3, 2), (4, 3), (4, 4), (8, 3)] {
            let mut stage = Stage::new(workers, per_bot, 6);
            for _ in 0..3_000 {
                match draw(3) {
                    0 if !stage.running.is_empty() => drop(stage.end_oldest()),
                    1 if !stage.asked.is_empty() => {
                        let mut tickets: Vec<Ticket> = stage.asked.keys().copied().collect();
                        tickets.sort_by_key(|ticket| ticket.0);
                        let ticket = tickets[draw(tickets.len() as u64) as usize];
                        let (bot, _) = stage.asked.remove(&ticket).unwrap();
                        assert!(stage.turns.leave(bot, ticket));
                    }
                    _ => drop(stage.ask(bots[draw(5) as usize])),
                }
                let turns = &stage.turns;
                assert!(turns.busy <= workers && turns.busy == stage.running.len());
                for (name, bot) in &turns.bots {
                    assert!(bot.running <= per_bot && bot.waiting.len() <= 6);
                    let could_run = bot.running < per_bot && turns.busy < workers;
                    assert!(bot.waiting.is_empty() || !could_run, "{name} waits while a worker rests");
                }
            }
            stage.play();
            assert!(stage.asked.is_empty());
        }
    }
}
