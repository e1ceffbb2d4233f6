//! Conversations with real apps of today's platform (`../shared/apps`; passed over, saying so, where they are not there).
//! Their services are answered from recordings; there is no language model.

use std::path::Path;

use serde_json::{Value, json};
use services::Mode;

use crate::support::{BotFiles, TestServer};

/// Said by who only opens the conversation.
const CONNECT: &str = "(connects)";

/// A conversation: what is said, and a part of each bubble of the answer.
type Talk<'a> = &'a [(&'a str, &'a [&'a str])];

/// Talks with an app whose services answer like this, by their names; what went otherwise.
async fn talk(app: &str, services: &[(&str, u16, Value)], talk: Talk<'_>) {
    let Some(files) = BotFiles::app(app) else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, status, body) in services {
        record(folder.path(), name, *status, body);
    }
    let cassettes = folder.path().to_owned();
    let (clock, _) = domain::Clock::manual(domain::Timestamp::parse("2026-03-02T10:00:00.000Z").unwrap());
    let server = TestServer::start_with(|setup| {
        setup.options.sources.clock = clock;
        setup.config.conversation.compat.variants = dialog::compat::Variants::First;
        setup.config.conversation.services.mode = Mode::Replay;
        setup.config.conversation.services.cassettes = Some(cassettes);
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.import_new(&files).await.bot;
    admin.publish(&bot, "to talk to").await;
    let mut faults = Vec::new();
    for (text, wanted) in talk {
        let said = if *text == CONNECT {
            let event = json!({"message": {"type": "event", "val": "ON_CONNECT"}, "from": {"id": "ann"}});
            crate::support::talk::bubbles(&admin.post_to(&bot, &event).await.json())
        } else {
            admin.say(&bot, "ann", text).await
        };
        let fits = said.len() == wanted.len() && said.iter().zip(*wanted).all(|(said, part)| said.contains(part));
        if !fits {
            faults.push(format!("to '{text}' came {said:#?} and not {wanted:?}"));
        }
    }
    server.finish().await;
    assert!(faults.is_empty(), "{app}:\n{}", faults.join("\n"));
}

fn record(folder: &Path, name: &str, status: u16, body: &Value) {
    let recording = json!([{"request": {"url": "http://recorded.example/", "method": "GET"},
        "response": {"status": status, "headers": {}, "body": body}}]);
    std::fs::write(folder.join(format!("{name}.json")), recording.to_string()).unwrap();
}

/// What is said until the appointment is made.
const APPOINTMENT: [(&str, &[&str]); 8] = [
    ("book an appointment", &["Hi", "Please provide the doctor type."]),
    ("cardiologist", &["Please provide the patient name."]),
    ("Ada Lovelace", &["Please provide the contact number."]),
    ("no idea", &["unable to recognize the phone number"]),
    ("+962 7 9012 3456", &["Please provide the preferred date."]),
    ("tomorrow", &["Please provide the preferred time."]),
    ("10:30 am", &["Please provide the reason for visit."]),
    ("a check", &[]),
];

#[tokio::test]
async fn an_appointment_is_made_without_a_model() {
    for (status, last) in [(200, "All Done! you Booked the Appointment Successfully."), (400, "Looks Like The Server")]
    {
        let mut said = APPOINTMENT;
        let parts = [last, "anything else"];
        said[7].1 = &parts;
        talk("medical", &[("AppointmentRequest", status, json!({"id": "7"}))], &said).await;
    }
}

#[tokio::test]
async fn what_is_said_after_a_task_is_heard() {
    let mut said = APPOINTMENT.to_vec();
    said[7].1 = &["All Done!", "anything else"];
    said.push(("yes", &["What else"]));
    said.push(("get appointment details", &["Please provide the contact number."]));
    // The script reads the first of no appointments.
    said.push(("+962 7 9012 3456", &["I am sorry, something went wrong", "anything else"]));
    let services = [("AppointmentRequest", 200, json!({"id": "7"})), ("GetDetails", 200, json!([]))];
    talk("medical", &services, &said).await;
}

#[tokio::test]
async fn a_booking_is_cancelled_after_its_number_is_confirmed() {
    let booking = json!([{"id": "3", "customerName": "Ada", "contactNumber": "123", "travelFrom": "Delhi",
        "travelTo": "Mumbai", "preferredDate": "May", "isCanceled": false}]);
    let services = [("getBookings", 200, booking), ("logicDeleteBooking", 200, json!({"id": "3"}))];
    talk(
        "travel",
        &services,
        &[
            ("cancel booking", &["", "phone number you used"]),
            ("123", &["Do you wish to proceed with this number:\n123"]),
            ("no", &["phone number you used"]),
            ("1234", &["Do you wish to proceed with this number:\n1234"]),
            ("yes", &["Here are your booking details", "proceed and cancel the booking?"]),
            ("yes", &["succesfully updated", ""]),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_flight_is_booked_once_with_the_values_of_the_agent() {
    talk(
        "travel",
        &[("mockapiIo", 201, json!({"id": "3"}))],
        &[
            ("book flight", &["", "Please provide your name"]),
            ("Ada Lovelace", &["Please provide the contact number."]),
            ("+91 1234567890", &["Please provide the preferred date."]),
            ("17 May 2030", &["Please provide the travel from."]),
            ("Delhi", &["Please provide the travel to."]),
            ("Mumbai", &["I have noted customer name: Ada Lovelace", ""]),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_menu_of_buttons_is_come_back_to_as_often_as_one_likes() {
    let mut said: Vec<(&str, &[&str])> = vec![("menu please", &["", "Here are the tasks I can perform for you"])];
    for _ in 0..60 {
        said.push(("cancel flight", &["contactNumber"]));
        said.push(("4711", &["No booking found", "Here are the tasks I can perform for you"]));
    }
    talk("travel-en-it-de", &[("Get_detaill_booking", 200, json!([{"contactNumber": "1"}]))], &said).await;
}

#[tokio::test]
async fn a_menu_that_was_shown_swallows_no_task() {
    let menu = &["Hi", "Here are the tasks I can perform for you"][..];
    for (said, answer) in [
        ("I want to cancel my flight please", &["contactNumber"][..]),
        ("retrieve my booking", &["contactNumber"]),
        ("cancel flight", &["contactNumber"]),
        ("qwertz uiop", &["I could not understand that"]),
    ] {
        talk("travel-en-it-de", &[], &[(CONNECT, menu), (said, answer)]).await;
    }
}

#[tokio::test]
async fn a_first_text_that_names_a_task_begins_it() {
    for said in ["appointment details", "view appointment details", "look up the details of my visit"] {
        talk("medical", &[], &[(said, &["Hi", "Please provide the contact number."])]).await;
    }
}

#[tokio::test]
async fn whoever_asks_for_a_human_is_heard_wherever_it_is() {
    let nobody = &["Please hold", "there are no agents"][..];
    talk("medical", &[], &[("I want to talk to an agent", &["Hi", "Please hold", "there are no agents"])]).await;
    talk("medical", &[], &[(CONNECT, &["Hi", ""]), ("agent", nobody)]).await;
    let book = ("book an appointment", &["Hi", "Please provide the doctor type."][..]);
    talk("medical", &[], &[book, ("talk to a human please", nobody)]).await;
}
