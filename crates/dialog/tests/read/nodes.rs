//! Nodes of other kinds, their options, and dialogs.

use dialog::bot::{Interruption, Who};
use dialog::node::{Assignment, Call, Kind};
use serde_json::{Value, json};

use super::{node, read, said, shown, with_node, written};

#[test]
fn messages_have_channels_languages_and_variants() {
    let entry = |channel: &str, language: &str, kind: &str, text: &str| json!({"channel": channel, "localeData": {language: {"type": kind, "text": text}}});
    let component = json!({"message": [
        entry("default", "en", "basic", "Hi%20%7B%7Bcontext.name%7D%7D"),
        entry("rtm", "en", "uxmap", "print(%22{{x}}\")"),
        entry("", "de", "basic", "100% sicher"),
        entry("ivr", "en", "basic", ""),
    ]});
    let (found, _) = node(json!({"type": "message", "nodeOptions": {"transitionType": "onInput"}}), component);
    let Kind::Message(message) = found.kind else { panic!("a message") };
    let expected = ["default/en: Hi {{context.name}}", "rtm/en: <%print(%22{{x}}\")%>", "default/de: 100% sicher"];
    assert_eq!((shown(&message.texts), message.waits), (expected.map(str::to_owned).to_vec(), true));
}

#[test]
fn calls_name_dialogs_by_either_id() {
    let call = |flow: Value, owner: Value| {
        let (found, findings) = node(json!({"type": "intent", "flowTaskId": flow}), json!({"dialogId": owner}));
        (found.kind, findings)
    };
    for (flow, owner, expected) in [
        (json!("r-2"), json!("dg-2"), 1),
        (json!(null), json!("dg-2"), 1),
        (json!("gone"), json!("dg-2"), 1),
        (json!("r-1"), json!("dg-1"), 0),
    ] {
        let (kind, findings) = call(flow.clone(), owner);
        assert!(matches!(kind, Kind::Dialog(Call { dialog: Some(place), .. }) if place == expected), "{flow} {kind:?}");
        assert_eq!(findings, [""; 0], "{flow}");
    }
    for owner in [json!(null), json!("dg-1")] {
        let (kind, _) = call(json!(null), owner);
        assert!(matches!(kind, Kind::SubIntent { intent, .. } if intent == "Name"));
    }
    let (kind, findings) = call(json!("gone"), json!("dg-1"));
    assert!(matches!(kind, Kind::Dialog(Call { dialog: None, named, .. }) if named == "Name"));
    assert_eq!(findings, ["the dialog 'Name' is not in the bot: the task fails when it is called"]);
    let (_, findings) = call(json!("r-stub"), json!(null));
    assert_eq!(findings, ["the dialog 'Name' has no nodes: calling it does nothing"]);
}

fn assigned(assignments: &[Assignment]) -> Vec<String> {
    assignments.iter().map(|one| format!("{}={}", one.path, written(&one.value))).collect()
}

#[test]
fn calls_hand_values_over() {
    let written = json!({
        "type": "intent", "flowTaskId": "r-2", "nodeOptions": {"transitionMode": "endCurrentTask"},
        "contextMap": "{\"context.entities.B\":\"context.session.UserSession.x\",\"context.entities.A\":\"\",\"context.c\":null}",
        "preContextMap": {"context.entities.D": "{{context.d}} and more", "n": 5},
        "postContextMap": "%7B%22context.e%22%3A%22text%22%7D",
    });
    let (found, findings) = node(written, json!({}));
    let Kind::Dialog(call) = found.kind else { panic!("a call") };
    let expected = [
        "context.entities.B=context.session.UserSession.x",
        "context.entities.A=",
        "context.c=null",
        "context.entities.D={{context.d}} and more",
        "n=5",
    ];
    assert_eq!(assigned(&call.before), expected);
    assert_eq!((assigned(&call.after), call.replaces), (vec!["context.e=text".to_owned()], true));
    assert_eq!(findings, [""; 0]);

    let (found, findings) = node(json!({"type": "intent", "flowTaskId": "r-2", "postContextMap": "{oops"}), json!({}));
    assert!(matches!(found.kind, Kind::Dialog(Call { after, .. }) if after.is_empty()));
    assert!(findings[0].starts_with("the assignments in postContextMap are not readable as JSON"), "{findings:?}");
}

#[test]
fn logic_nodes_assign_what_any_of_their_members_lists() {
    let (found, _) = node(json!({"type": "logic"}), json!({}));
    assert!(matches!(found.kind, Kind::Logic(assignments) if assignments.is_empty()));
    let component = json!({"assignments": [{"key": "context.a", "value": "1"}, {"value": "lost"}]});
    let (found, _) = node(json!({"type": "logic", "nodeOptions": {"contextMap": {"context.b": "null"}}}), component);
    let Kind::Logic(assignments) = found.kind else { panic!("logic") };
    assert_eq!(assigned(&assignments), ["context.b=null", "context.a=1"]);
}

#[test]
fn bot_actions_run_the_graph_of_their_component() {
    let mut definition = with_node(
        json!({"type": "botAction", "nodes": [{"type": "script", "nodeId": "i-9", "componentId": "dc-s"}]}),
        json!({"nodes": [
            {"type": "script", "nodeId": "i-1", "componentId": "dc-s", "transitions": [{"default": "end"}]},
            {"type": "service", "nodeId": "i-2", "componentId": "dc-v", "level": "root", "transitions": [
                {"if": {"field": "other", "op": "eq", "value": "1"}, "then": "i-1"}, {"default": ""}]},
            {"type": "message", "nodeId": "i-3", "componentId": "dc-m"},
        ]}),
    );
    let components = definition["dialogComponents"].as_array_mut().unwrap();
    components.push(json!({"_id": "dc-s", "type": "script", "name": "Do", "script": "context.a%20%3D%201"}));
    components.push(json!({"_id": "dc-v", "type": "service", "name": "Fetch"}));
    components.push(json!({"_id": "dc-m", "type": "message", "name": "Do"}));
    let bot = read(&definition);
    let Kind::Action(inner, start) = &bot.dialogs[0].nodes[1].kind else { panic!("a bot action") };
    let names: Vec<_> = inner.iter().map(|inner| (inner.id.as_str(), inner.name.as_str(), inner.kind.name())).collect();
    assert_eq!(names, [("i-1", "Do", "script"), ("i-2", "Fetch", "service"), ("i-3", "Do", "message")]);
    assert_eq!(*start, Some(1));
    let targets: Vec<_> = inner[1].transitions.iter().map(|way| way.target.as_deref()).collect();
    assert_eq!(targets, [Some("i-1"), None]);
    assert!(matches!(&inner[0].kind, Kind::Script(script) if written(script) == "<%context.a = 1%>"));
    assert!(matches!(&inner[2].kind, Kind::Unknown { kind, .. } if kind == "message"));
    let messages = super::messages(&bot);
    let skipped = "the node is skipped, and its default way is taken";
    assert_eq!(messages, [format!("nodes of the type 'message' are not run here: {skipped}")]);
    assert_eq!((bot.findings[0].dialog.as_str(), bot.findings[0].node.as_str()), ("dg-1", "n"));

    definition["dialogComponents"][3]["nodes"] = json!([]);
    let bot = read(&definition);
    let Kind::Action(inner, start) = &bot.dialogs[0].nodes[1].kind else { panic!("a bot action") };
    assert_eq!((inner[0].id.as_str(), *start), ("i-9", Some(0)));
}

#[test]
fn other_kinds_are_read() {
    let (found, findings) = node(
        json!({"type": "form"}),
        json!({"resourceId": "gone", "rtmRenderType": "pop-up", "message": said("Fill in"), "errorMessage": said("Oh"), "submitMessage": said("Thanks")}),
    );
    let Kind::Form(form) = found.kind else { panic!("a form") };
    assert_eq!((form.form.as_str(), form.render.as_str()), ("gone", "pop-up"));
    assert_eq!((shown(&form.prompt).len(), shown(&form.error).len(), shown(&form.submitted).len()), (1, 1, 1));
    assert_eq!(findings, ["the form 'gone' is not in the bot: the task fails at this node"]);
    assert!(matches!(node(json!({"type": "agentTransfer"}), json!({})).0.kind, Kind::AgentTransfer));
    assert!(matches!(node(json!({"type": "webhook"}), json!({})).0.kind, Kind::Webhook));
    let (found, findings) = node(json!({"type": "process"}), json!({}));
    assert!(matches!(found.kind, Kind::Unknown { kind, .. } if kind == "process"));
    let skipped = "the node is skipped, and its default way is taken";
    assert_eq!(findings, [format!("nodes of the type 'process' are not run here: {skipped}")]);
}

#[test]
fn options_of_nodes_are_read() {
    let (found, _) = node(
        json!({
            "type": "message", "preConditions": ["tag"], "vNameSpace": ["ns-1"],
            "nodeOptions": {
                "precedence": "intentOverEntity", "contextTags": ["a", {"name": "b"}, ""],
                "customTags": {"session": [{"name": "", "value": ""}, {"name": "n", "value": "{{context.v}}"}],
                    "message": [{"name": "m", "value": 1}], "user": [], "altText": [{"value": "alt"}]},
                "interruptOptions": {"priority": "node", "interruptsEnabled": false, "type": {"option": "developer"}},
            },
        }),
        json!({"preConditions": ["tag", "( pattern )"], "vNameSpace": ["ns-2"], "useTaskLevelNs": true}),
    );
    assert_eq!(found.preconditions, ["tag", "( pattern )"]);
    assert_eq!(found.namespaces, ["ns-1"]);
    let options = found.options;
    assert!(options.intent_over_entity);
    assert_eq!(options.context_tags, ["a", "b"]);
    let pairs = |tags: &[(dialog::bot::Text, dialog::bot::Text)]| -> Vec<String> {
        tags.iter().map(|(name, value)| format!("{}={}", written(name), written(value))).collect()
    };
    assert_eq!(
        (pairs(&options.tags.session), pairs(&options.tags.message)),
        (vec!["n={{context.v}}".to_owned()], vec!["m=1".to_owned()])
    );
    assert!(options.tags.user.is_empty());
    assert_eq!(options.tags.alternative.iter().map(written).collect::<Vec<_>>(), ["alt"]);
    let expected = Interruption { enabled: Some(false), who: Some(Who::Developer), ..Interruption::default() };
    assert_eq!(options.interruption, Some(expected));
    let task = json!({"type": "message", "nodeOptions": {"interruptOptions": {"priority": "task", "type": {"option": "endUser"}}}});
    assert_eq!(node(task, json!({})).0.options.interruption, None);
}

#[test]
fn dialogs_are_read() {
    let mut definition = with_node(json!({"type": "script"}), json!({}));
    let dialog = &mut definition["dialogs"][0];
    dialog["localeData"] = json!({"en": {"name": "One"}, "de": {"name": "Eins"}});
    dialog["isHidden"] = json!(true);
    dialog["isFollowUp"] = json!("true");
    dialog["vNameSpace"] = json!(["ns"]);
    dialog["groups"] = json!([{"name": "G", "nodes": ["n", 5], "subIntents": [{"nodeId": "other"}, "dc-2"]}]);
    dialog["interruptOptions"] = json!({"priority": "bot", "interruptsEnabled": false});
    dialog["onTaskFailure"] = json!({"enabled": true, "msg": said("Sorry")});
    dialog["followupTaskOptions"] = json!({"isFollowUp": true, "message": "Also%20noted%3A"});
    let bot = read(&definition);
    let [one, two, stub] = &bot.dialogs[..] else { panic!("three dialogs") };
    assert_eq!((one.name("de", "en"), one.lower_name.as_str(), one.intent.as_str()), ("Eins", "one", "One"));
    assert!(one.hidden && one.follow_up && !two.hidden && !two.follow_up);
    assert_eq!((one.start, two.start, stub.start), (Some(0), Some(0), None));
    assert_eq!(
        (&one.groups[0].nodes[..], &one.groups[0].sub_intents[..]),
        (&["n".to_owned()][..], &["other".to_owned(), "dc-2".to_owned()][..])
    );
    assert_eq!((one.interruption.as_ref(), &one.namespaces[..]), (None, &["ns".to_owned()][..]));
    assert!(one.on_failure.is_some() && two.on_failure.is_none());
    assert_eq!(one.lists_follow_ups.as_ref().map(shown), Some(vec!["default/en: Also noted:".to_owned()]));
    assert!(two.lists_follow_ups.is_none());
}

#[test]
fn dialogs_without_the_usual_start_start_with_their_own_intent_or_the_first_node() {
    let mut definition = with_node(json!({"type": "message"}), json!({"message": said("Hi")}));
    let nodes = definition["dialogs"][0]["nodes"].as_array_mut().unwrap();
    nodes[0]["nodeId"] = json!("begin");
    nodes.swap(0, 1);
    let bot = read(&definition);
    assert_eq!(bot.dialogs[0].start, Some(1));
    assert!(matches!(bot.dialogs[0].nodes[1].kind, Kind::Start));
    definition["dialogs"][0]["nodes"].as_array_mut().unwrap().remove(1);
    let bot = read(&definition);
    assert_eq!(bot.dialogs[0].start, Some(0));
    assert!(matches!(bot.dialogs[0].nodes[0].kind, Kind::Message(_)), "what it says is said");
}
