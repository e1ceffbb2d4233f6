//! The bot that comes with the server.

/// Corner Coffee: a small bot that uses most of what bots consist of.
pub const CORNER_COFFEE: api::Sample = api::Sample {
    id: "st-84c4ccdd-986f-51e8-a3ff-0b4ee16311b5",
    name: "Corner Coffee",
    description: "Takes orders and answers questions for a small coffee shop.",
    definition: include_bytes!("../sample/botDefinition.json"),
    config: include_bytes!("../sample/config.json"),
    icon: include_bytes!("../sample/icon.png"),
    functions: Some(include_bytes!("../sample/botFunctions.js")),
};
