//! Apps of today in parts: what each word of a request selects at export and brings at import, and what the answer says
//! about words that do nothing.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod apps;

use definition::finding::{Code, Finding, listed};
use definition::merge::full::keeps_something;
use definition::merge::selection_of_partial;
use definition::{Config, Document, ExportOptions, ImportOptions, SelectError, Selected, merge, merge_config, select};
use serde_json::{Value, json};

const CLINIC: &str = include_str!("fixtures/clinic.json");
const CAFE: &str = include_str!("fixtures/cafe.json");
const CONFIG: &str =
    r#"{"name": "Clinic", "envVariables": [{"key": "url", "value": "a"}, {"key": "till", "value": "1"}]}"#;

fn parse(text: &str) -> Document {
    Document::parse(text, "appDefinition.json").unwrap()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn config() -> Config {
    Config::parse(CONFIG, "config.json").unwrap()
}

/// Exports as a request body says; the findings are those of the body and of the bot, as a record lists them.
fn export(text: &str, body: &Value) -> Result<(Selected, Vec<Finding>), SelectError> {
    let (options, mut findings) = ExportOptions::read(body).unwrap();
    let selected = select(&parse(text), &config(), &options)?;
    findings.extend(selected.findings.clone());
    let findings = listed(findings, body);
    Ok((selected, findings))
}

fn told(findings: &[Finding]) -> Vec<(&str, Code)> {
    findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect()
}

/// The members that an export has in another way than the whole app, as they are in it. Those that go with other words of
/// a request and are no matter of today are left out.
fn projection(text: &str) -> Value {
    let mut seen = serde_json::Map::new();
    let tree = value(text);
    let names = |list: &Value, of: &dyn Fn(&Value) -> Value| {
        list.as_array().map(|list| list.iter().map(of).collect::<Vec<_>>())
    };
    seen.insert("flows".into(), json!(names(&tree["experienceFlows"], &|flow| flow["config"]["name"].clone())));
    for key in ["llmConfiguration", "promptLibraries", "dialogGPTSettings", "tools"] {
        seen.insert(key.into(), json!(tree[key].as_array().map(Vec::len)));
    }
    for key in ["answers", "agentAssistExport", "encryptedHash", "latestEncryptedHash"] {
        seen.insert(key.into(), json!(tree.get(key).is_some()));
    }
    seen.insert("enabled".into(), tree["botEvents"]["CONVERSATION_END"]["enabled"].clone());
    seen.insert("variables".into(), json!(names(&tree["contentVariables"], &|variable| variable["key"].clone())));
    Value::Object(seen)
}

#[test]
fn each_word_selects_its_members() {
    let nothing = json!({
        "flows": [], "llmConfiguration": null, "promptLibraries": null, "dialogGPTSettings": 0, "tools": 0,
        "answers": false, "agentAssistExport": false, "encryptedHash": false, "latestEncryptedHash": false,
        "enabled": null, "variables": ["greeting", "hours"],
    });
    let both = json!(["Welcome Chat Flow", "No Agents"]);
    // Options → what differs from the export of next to nothing, and the findings.
    type Told<'a> = &'a [(&'a str, Code)];
    let names_only: Told<'_> = &[("/exportOptions/tasks", Code::NamesOnly)];
    let table: [(Value, Value, Told<'_>); 12] = [
        (json!({"exportOptions": {"tasks": ["smallTalk"]}}), json!({}), &[]),
        (json!({"exportOptions": {"tasks": ["flows"]}}), json!({"flows": both}), names_only),
        (
            json!({"exportOptions": {"tasks": ["Flows"]}, "subTasks": {"experienceFlows": ["no agents"]}}),
            json!({"flows": ["No Agents"]}),
            names_only,
        ),
        (
            json!({"exportOptions": {"tasks": ["flows"]},
                "subTasks": {"experienceFlows": ["cf-c0000000-0000-5000-8000-000000000f01", "cf-gone"]}}),
            json!({"flows": ["Welcome Chat Flow"]}),
            &[("/exportOptions/tasks", Code::NamesOnly), ("/subTasks/experienceFlows/1", Code::UnknownTask)],
        ),
        (
            json!({"exportOptions": {"settings": ["botSettings"]}}),
            json!({"llmConfiguration": 0, "promptLibraries": 0}),
            &[],
        ),
        (
            json!({"exportOptions": {"settings": ["genAIandLLMSettings"]}}),
            json!({"llmConfiguration": 1, "promptLibraries": 1, "dialogGPTSettings": 1, "tools": 1, "answers": true}),
            &[],
        ),
        (json!({"exportOptions": {"AgentAssist": ["rules", "playbooks"]}}), json!({"agentAssistExport": true}), &[]),
        (
            json!({"exportOptions": {"AgentAI": ["playbooks", "layoutSettings"], "qualityAI": ["autoQA"]}}),
            json!({"agentAssistExport": true}),
            &[
                ("/exportOptions/AgentAI", Code::NotApplied),
                ("/exportOptions/AgentAI", Code::TakenWhole),
                ("/exportOptions/qualityAI", Code::NotApplied),
            ],
        ),
        (json!({"exportOptions": {"nlpData": ["nlpSettings"], "tasks": ["botTask"]}}), json!({"enabled": true}), &[]),
        (
            json!({"exportOptions": {"nlpData": ["nlpSettings"], "tasks": ["botTask"]}, "subTasks": {"dialogs": ["Book"]}}),
            json!({"enabled": false}),
            &[("/botEvents/CONVERSATION_END", Code::EventDisabled)],
        ),
        (
            json!({"exportOptions": {"nlpData": ["traits", "rules", "concepts", "synonyms", "bot_synonyms", "defaultDialog"]}}),
            json!({}),
            &[("/exportOptions/nlpData", Code::NotApplied), ("/exportOptions/nlpData", Code::NotApplied)],
        ),
        (
            json!({"exportOptions": {"settings": ["botVariables"]},
                "options": {"botVariables": {"ignore": ["hours", "hour"], "ignoreEnvironmentVariables": true}}}),
            json!({"llmConfiguration": 0, "promptLibraries": 0, "variables": ["greeting"]}),
            &[("/options/botVariables/ignore/1", Code::UnknownVariable)],
        ),
    ];
    for (body, differences, expected) in table {
        let (selected, findings) = export(CLINIC, &body).unwrap();
        let mut expected_projection = nothing.clone();
        for (key, value) in differences.as_object().unwrap() {
            expected_projection[key] = value.clone();
        }
        assert_eq!(projection(&selected.definition), expected_projection, "{body}");
        assert_eq!(told(&findings), expected, "{body}");
        let echo = &value(&selected.definition)["exportOptions"];
        for (family, words) in body["exportOptions"].as_object().unwrap().iter().filter(|(_, words)| words.is_array()) {
            assert_eq!(echo[family].as_array().unwrap().len(), words.as_array().unwrap().len(), "{body}");
        }
    }
}

#[test]
fn the_words_of_a_whole_app_are_the_whole_app() {
    let mut all = vec![("clinic".to_owned(), CLINIC.to_owned(), CONFIG.to_owned())];
    all.extend(apps::apps());
    for (name, text, config) in all {
        let mut options = value(&text)["exportOptions"].clone();
        let sub_tasks = options.as_object_mut().unwrap().shift_remove("subTasks").unwrap();
        let mut body = json!({"subTasks": sub_tasks, "exportType": "latest"});
        for flag in ["IncludeDependentTasks", "IncludeFormDependentTasks"] {
            if let Some(value) = options.as_object_mut().unwrap().shift_remove(flag) {
                body[flag] = value;
            }
        }
        body["exportOptions"] = options;
        let (options, told_of_body) = ExportOptions::read(&body).unwrap();
        let config = Config::parse(config, "config.json").unwrap();
        let selected = select(&parse(&text), &config, &options).unwrap();
        assert!(value(&selected.definition) == value(&text) || name == "clinic", "{name}");
        assert_eq!((told_of_body.as_slice(), selected.config.as_str()), (&[][..], config.text()), "{name}");
        // Half of the dialogs that one real app lists are not in it, and forms are listed by ids that no file has.
        let codes = selected.findings.iter().map(|finding| finding.code);
        assert!(codes.into_iter().all(|code| matches!(code, Code::UnknownTask | Code::TakenWhole)), "{name}");
    }
}

#[test]
fn what_is_not_known_is_told() {
    // Body → findings, besides the projection that the known part of it asks for.
    type Told<'a> = &'a [(&'a str, Code)];
    let table: [(Value, Told<'_>); 11] = [
        (json!({"exportType": "latest", "allTasks": true, "subTasks": {}, "exportOptions": null}), &[]),
        (json!({"includeDependantTasks": true}), &[("/includeDependantTasks", Code::UnknownMember)]),
        (json!({"IncludeDependentTasks": "maybe"}), &[("/IncludeDependentTasks", Code::WrongType)]),
        (json!({"customDashboards": []}), &[("/customDashboards", Code::WrongType)]),
        (
            json!({"ExportOptions": {"tasks": ["bottask", "utterances", 5], "more": ["x"], "nlpData": "patern"}}),
            &[
                ("/ExportOptions/more", Code::UnknownMember),
                ("/ExportOptions/tasks/1", Code::UnknownWord),
                ("/ExportOptions/tasks/2", Code::WrongType),
                ("/ExportOptions/nlpData", Code::UnknownWord),
            ],
        ),
        (
            json!({"exportOptions": "{\"tasks\":[\"botTask\",\"x\"],\"settings\":{}}"}),
            &[("/exportOptions/tasks/1", Code::UnknownWord), ("/exportOptions/settings", Code::WrongType)],
        ),
        (
            json!({"exportOptions": {"tasks": ["botTask"], "subTasks": {"dialogs": ["Book"]}, "botComponents": ["linkedBots"]}}),
            &[("/exportOptions/botComponents", Code::NotApplied), ("/exportOptions/subTasks", Code::NotApplied)],
        ),
        (
            json!({"subTasks": {"dialogs": ["Book", 7], "dialog": ["x"], "forms": 3}, "allTasks": true}),
            &[
                ("/subTasks/dialog", Code::UnknownMember),
                ("/subTasks/forms", Code::WrongType),
                ("/allTasks", Code::NotApplied),
                ("/subTasks/dialogs/1", Code::UnknownTask),
                ("/botEvents/CONVERSATION_END", Code::EventDisabled),
            ],
        ),
        (
            json!({"exportOptions": {"tasks": ["botTask"]}, "subTasks": {"experienceFlows": ["No Agents"], "dialogs": "Bye"}}),
            &[("/subTasks/experienceFlows", Code::NotApplied)],
        ),
        (
            json!({"options": {"utterances": {}, "botVariables": {"ignored": [], "ignoreContentVariables": "x"}}}),
            &[
                ("/options/utterances", Code::UnknownMember),
                ("/options/botVariables/ignored", Code::UnknownMember),
                ("/options/botVariables/ignoreContentVariables", Code::WrongType),
            ],
        ),
        (json!({"subTasks": ["Book"]}), &[("/subTasks", Code::WrongType)]),
    ];
    for (body, expected) in table {
        let (_, findings) = export(CLINIC, &body).unwrap();
        assert_eq!(told(&findings), expected, "{body}");
        for finding in findings {
            assert!(finding.text.ends_with('.') && finding.text.len() > 40, "{finding:?}");
        }
    }
    let many = json!({"subTasks": {"dialogs": vec!["gone"; 300], "experienceFlows": ["No Agents"]}});
    let (_, findings) = export(CLINIC, &many).unwrap();
    assert_eq!((findings.len(), findings[100].code), (101, Code::MoreFindings));
}

#[test]
fn a_request_that_leaves_nothing_is_refused_with_its_pointer() {
    let table = [
        (json!({"subTasks": {"dialogs": ["typo"]}}), "/subTasks/dialogs/0"),
        (json!({"exportOptions": {"tasks": ["botTask"]}, "subTasks": {"dialogs": ["a", "b"]}}), "/subTasks/dialogs/0"),
        (
            json!({"exportOptions": {"tasks": ["flows"]}, "subTasks": {"experienceFlows": ["x"]}}),
            "/subTasks/experienceFlows/0",
        ),
        (json!({"exportOptions": {"qualityAI": ["taxonomy"]}}), "/exportOptions/qualityAI"),
    ];
    for (body, expected) in table {
        match export(CLINIC, &body) {
            Err(SelectError::NothingLeft { pointer, .. }) => assert_eq!(pointer, expected, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
    // A bot of before has no flows; one with other tasks is exported with those.
    let alone = export(CAFE, &json!({"exportOptions": {"tasks": ["flows"]}}));
    assert!(matches!(alone, Err(SelectError::NothingLeft { .. })));
    let (_, findings) = export(CAFE, &json!({"exportOptions": {"tasks": ["flows", "botTask"]}})).unwrap();
    assert_eq!(told(&findings), [("/exportOptions/tasks", Code::NotApplied)]);
    // What is named and not there is no reason to fail where other than tasks were asked for.
    let settings = json!({"exportOptions": {"settings": ["botSettings"]}, "subTasks": {"dialogs": ["typo"]}});
    assert_eq!(told(&export(CLINIC, &settings).unwrap().1), [("/subTasks/dialogs/0", Code::UnknownTask)]);
}

/// The clinic as another one developed it on: other ids of flows, one flow renamed, everything a bit different.
fn other_clinic() -> Value {
    let mut tree = value(&CLINIC.replace("000000000f0", "000000000e0"));
    tree["experienceFlows"][0]["callflowDefinition"]["steps"] = json!([]);
    tree["experienceFlows"][1]["callflowDefinition"]["name"] = json!("After Hours");
    tree["experienceFlows"][1]["callflowDefinition"]["lname"] = json!("after hours");
    tree["experienceFlows"][1]["config"]["name"] = json!("After Hours");
    tree["llmConfiguration"][0]["featureList"] = json!([{"name": "other"}]);
    tree["llmConfiguration"][0]["integrations"] = json!({"openai": {"apiKey": "other-key"}, "azure": {}});
    tree["tools"] = json!([{"refId": "c0000000-0000-5000-8000-00000000d002", "tool_name": "new"}]);
    tree["dialogGPTSettings"] = json!([{"language": "en", "conversationTypes": []}]);
    tree["agentAssistExport"] = json!("{}");
    tree["sentences"][0]["_id"] = json!("ss-c0000000-0000-5000-8000-0000000000c2");
    tree["sentences"][0]["sentence"] = json!("i feel sick");
    tree["contentVariables"][0]["localeData"]["en"]["value"] = json!("Good day");
    tree["contentVariables"][1]["localeData"]["en"]["value"] = json!("8 to 4");
    tree
}

/// What an import brought into the clinic.
fn brought(text: &str) -> Value {
    let tree = value(text);
    let names = |list: &Value, key: &str| list.as_array().unwrap().iter().map(|it| it[key].clone()).collect::<Vec<_>>();
    let models = &tree["llmConfiguration"][0];
    let flows = tree["experienceFlows"].as_array().unwrap();
    json!({
        "flows": flows.iter().map(|flow| flow["config"]["name"].clone()).collect::<Vec<_>>(),
        "models": models["featureList"][0]["name"],
        "keys": models["integrations"],
        "tools": names(&tree["tools"], "tool_name"),
        "agent": tree["agentAssistExport"] == json!("{}"),
        "said": names(&tree["sentences"], "sentence"),
        "variables": tree["contentVariables"].as_array().unwrap().iter().map(|it| it["localeData"]["en"]["value"].clone()).collect::<Vec<_>>(),
    })
}

#[test]
fn an_import_brings_what_its_words_name_and_tells_the_rest() {
    let unchanged = brought(CLINIC);
    let other = other_clinic().to_string();
    let all_flows = json!(["Welcome Chat Flow", "No Agents", "After Hours"]);
    type Told<'a> = &'a [(&'a str, Code)];
    let table: [(Value, Value, Told<'_>); 13] = [
        (json!({"importOptions": {"tasks": ["flows"]}}), json!({"flows": all_flows}), &[]),
        (
            json!({"importOptions": {"tasks": ["flows"], "subTasks": {"experienceFlows": ["after hours", "x"]}}}),
            json!({"flows": all_flows}),
            &[("/importOptions/subTasks/experienceFlows/1", Code::UnknownTask)],
        ),
        (
            json!({"importOptions": {"settings": ["genAIandLLMSettings"]}}),
            json!({"models": "other", "tools": ["finder", "new"],
                "keys": {"openai": {"apiKey": "clinic-key"}, "azure": {}}}),
            &[],
        ),
        (json!({"importOptions": {"AgentAI": ["rules", "playbooks"]}, "options": {}}), json!({"agent": true}), &[]),
        // Utterances of apps are added unless the request says otherwise.
        (json!({"importOptions": {"nlpData": ["utterances"]}}), json!({"said": ["see a doctor", "i feel sick"]}), &[]),
        (
            json!({"importOptions": {"nlpData": ["utterances"]}, "options": {"utterances": {"replace": true}}}),
            json!({"said": ["i feel sick"]}),
            &[],
        ),
        (
            json!({"importOptions": {"nlpData": ["utterances"], "options": {"utterances": {"append": true, "replace": true}}}}),
            json!({"said": ["i feel sick"]}),
            &[("/importOptions/options/utterances/append", Code::NotApplied)],
        ),
        (
            json!({"importOptions": {"settings": ["botVariables"]}, "options": {"botVariables": {"ignore": ["hours"]}}}),
            json!({"variables": ["Good day", "9 to 5"]}),
            &[],
        ),
        // Without a selection: everything, and the flows and connections that the app has alone.
        (
            json!({"options": {"botVariables": {"ignoreContentVariables": true}}, "subTasks": {"dialogs": ["Book"]}}),
            json!({"flows": ["Welcome Chat Flow", "After Hours", "No Agents"], "models": "other", "tools": ["new"],
                "keys": {"openai": {"apiKey": "clinic-key"}, "azure": {}}, "agent": true, "said": ["i feel sick"]}),
            &[("/subTasks", Code::NotApplied)],
        ),
        (
            json!({"importOptions": {"tasks": ["nonsense"], "qualityAI": []}}),
            json!({}),
            &[("/importOptions/tasks/0", Code::UnknownWord), ("/importOptions", Code::NothingSelected)],
        ),
        (
            json!({"importOptions": {"nlpData": ["traitRules", "traits"], "AgentAssist": ["widgetSettings"]}}),
            json!({}),
            &[("/importOptions/nlpData", Code::NotApplied), ("/importOptions/AgentAssist", Code::NotApplied)],
        ),
        (
            json!({"importOptions": {"tasks": ["botTask"]}, "subTasks": {"dialogs": ["typo"], "forms": ["x"]},
                "IncludeDependentTask": true, "storyBoardScenes": {"includeComments": true}}),
            json!({}),
            &[
                ("/IncludeDependentTask", Code::UnknownMember),
                ("/subTasks/dialogs/0", Code::UnknownTask),
                ("/subTasks/forms", Code::NotApplied),
            ],
        ),
        (
            json!({"importOptions": ["botTask"], "customDashboards": "no?"}),
            json!({"flows": ["Welcome Chat Flow", "After Hours", "No Agents"], "models": "other", "tools": ["new"],
                "keys": {"openai": {"apiKey": "clinic-key"}, "azure": {}}, "agent": true, "said": ["i feel sick"],
                "variables": ["Good day", "8 to 4"]}),
            &[("/importOptions", Code::WrongType), ("/customDashboards", Code::WrongType)],
        ),
    ];
    for (body, differences, expected) in table {
        let (options, mut findings) = ImportOptions::read(&body);
        let merged = merge(&parse(CLINIC), &parse(&other), &options).unwrap();
        findings.extend(merged.findings);
        let mut outcome = unchanged.clone();
        for (key, value) in differences.as_object().unwrap() {
            outcome[key] = value.clone();
        }
        assert_eq!(brought(&merged.text), outcome, "{body}");
        assert_eq!(told(&listed(findings, &body)), expected, "{body}");
        assert!(!merged.text.contains("EncryptedHash") || merged.text == CLINIC, "{body}");
    }
}

#[test]
fn flags_of_imports_that_do_nothing_are_told() {
    type Told<'a> = &'a [(&'a str, Code)];
    let tasks = json!({"tasks": ["botTask", "forms"]});
    let table: [(Value, Told<'_>); 6] = [
        (json!({"importOptions": tasks, "IncludeDependentTasks": true, "IncludeFormDependentTasks": true}), &[]),
        (
            json!({"importOptions": tasks, "IncludeFormDependentTasks": true}),
            &[("/IncludeFormDependentTasks", Code::NotApplied)],
        ),
        (
            json!({"importOptions": tasks, "allTasks": true, "subTasks": {"dialogs": ["Book"]}}),
            &[("/allTasks", Code::NotApplied)],
        ),
        (
            json!({"options": {"utterances": {"append": true}, "patterns": {"append": true, "replace": true}}}),
            &[("/options/patterns/append", Code::NotApplied), ("/options/utterances/append", Code::NotApplied)],
        ),
        (json!({"storyBoardScenes": {"includeComments": false}, "allTasks": true, "customDashboard": true}), &[]),
        (
            json!({"importOptions": "{\"tasks\":[\"botTask\"],\"customDashboard\":\"perhaps\"}", "options": "x"}),
            &[("/importOptions/customDashboard", Code::WrongType), ("/options", Code::WrongType)],
        ),
    ];
    for (body, expected) in table {
        let (options, findings) = ImportOptions::read(&body);
        assert_eq!(told(&listed(findings, &body)), expected, "{body}");
        assert_eq!(options, ImportOptions::from_json(&body));
    }
    let named = json!({"botDefinition": "1", "configInfo": "2", "icon": "3", "name": "x", "subTasks": {}, "what": 1,
        "importOptions": {"tasks": []}, "allTasks": true});
    let findings = ImportOptions::ignored_by_new_bots(&named);
    assert_eq!(told(&findings), [("/what", Code::UnknownMember), ("/allTasks", Code::NotApplied)]);
}

#[test]
fn flows_that_stay_go_to_the_flows_that_came() {
    let options = ImportOptions::from_json(&json!({"importOptions": {"tasks": ["flows"]}}));
    for options in [options, ImportOptions::default()] {
        let merged = merge(&parse(CLINIC), &parse(&other_clinic().to_string()), &options).unwrap();
        let flows = value(&merged.text)["experienceFlows"].clone();
        let stayed = flows.as_array().unwrap().iter().find(|flow| flow["config"]["name"] == "No Agents").unwrap();
        let came = &stayed["callflowDefinition"]["steps"][0]["nextFlow"];
        assert_eq!(came, "cf-c0000000-0000-5000-8000-000000000e01");
    }
}

#[test]
fn the_parts_of_an_app_come_back_without_a_change() {
    let mut all = vec![("clinic".to_owned(), CLINIC.to_owned(), CONFIG.to_owned())];
    all.extend(apps::apps());
    let words = [
        json!({"tasks": ["flows"]}),
        json!({"tasks": ["botTask"]}),
        json!({"tasks": ["botTask", "flows", "forms", "smallTalk", "knowledgeGraph"]}),
        json!({"nlpData": ["nlpSettings", "utterances", "patterns", "synonyms", "concepts", "traits", "standardResponses"]}),
        json!({"settings": ["botSettings"]}),
        json!({"settings": ["genAIandLLMSettings"]}),
        json!({"settings": ["botVariables"]}),
        json!({"AgentAssist": ["rules", "playbooks"]}),
    ];
    for (name, text, config) in all {
        let app = parse(&text);
        let config = Config::parse(config, "config.json").unwrap();
        let whole = merge(&app, &app, &ImportOptions::default()).unwrap();
        assert!(whole.text == text && keeps_something(&app, &app, &ImportOptions::default()), "{name}");
        for words in &words {
            let options = ExportOptions::from_json(&json!({"exportOptions": words})).unwrap();
            let part = select(&app, &config, &options).unwrap();
            let file = parse(&part.definition);
            // Named again, or understood from what the file says of itself.
            let named = ImportOptions::from_json(&json!({"importOptions": words}));
            let understood = selection_of_partial(&app, &file).unwrap().unwrap();
            for options in [named, understood] {
                let merged = merge(&app, &file, &options).unwrap();
                assert!(merged.text == text, "{name} {words}");
                let part = Config::parse(part.config.clone(), "config.json").unwrap();
                assert_eq!(merge_config(&config, &part, &options).unwrap(), config.text(), "{name} {words}");
            }
        }
    }
}

#[test]
fn ignored_environment_variables_stay() {
    let incoming =
        r#"{"name": "Other", "envVariables": [{"key": "till", "value": "2"}, {"key": "new", "value": "3"}]}"#;
    let incoming = Config::parse(incoming, "config.json").unwrap();
    let values = |body: Value| {
        let options = ImportOptions::from_json(&body);
        let merged = value(&merge_config(&config(), &incoming, &options).unwrap());
        let list = merged["envVariables"].as_array().unwrap().iter();
        list.map(|variable| format!("{}={}", variable["key"].as_str().unwrap(), variable["value"].as_str().unwrap()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let ignore_till = json!({"botVariables": {"ignore": ["till"]}});
    let ignore_all = json!({"botVariables": {"ignoreEnvironmentVariables": true}});
    let variables = json!({"settings": ["botVariables"]});
    assert_eq!(values(json!({})), "till=2 new=3");
    assert_eq!(values(json!({"options": ignore_till})), "till=1 new=3");
    assert_eq!(values(json!({"options": ignore_all})), "till=1 url=a");
    assert_eq!(values(json!({"importOptions": variables})), "url=a till=2 new=3");
    assert_eq!(values(json!({"importOptions": variables, "options": ignore_till})), "url=a till=1 new=3");
    assert_eq!(values(json!({"importOptions": variables, "options": ignore_all})), "url=a till=1");
}
