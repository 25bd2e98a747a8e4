//! Whether an answer has the shape that the description of the API gives. Stricter than JSON
//! Schema in one way: a member that the description does not name is wrong too.

use serde_json::Value;

/// What is wrong with an answer of `GET path`, by its place in the answer.
pub(crate) fn faults(description: &Value, path: &str, answer: &Value) -> Vec<String> {
    faults_of(description, path, ("get", 200, "application/json"), answer)
}

/// What is wrong with an answer to a method, with a status and a media type.
pub(crate) fn faults_of(
    description: &Value,
    path: &str,
    (method, status, media_type): (&str, u16, &str),
    answer: &Value,
) -> Vec<String> {
    let content = &description["paths"][path][method]["responses"][status.to_string()]["content"];
    let schema = &content[media_type]["schema"];
    if !schema.is_object() {
        return vec![format!("{method} {path}: {status} with {media_type} is not described")];
    }
    Check { description }.faults(schema, answer, path)
}

struct Check<'a> {
    description: &'a Value,
}

impl Check<'_> {
    fn faults(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        if let Some(name) = schema["$ref"].as_str() {
            let schema = self.description.pointer(name.trim_start_matches('#')).unwrap();
            return self.faults(schema, value, at);
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.faults(&self.together(parts), value, at);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let fits = choices.iter().any(|choice| self.faults(choice, value, at).is_empty());
            return if fits { Vec::new() } else { vec![format!("{at}: fits none of the choices")] };
        }
        let mut found = Vec::new();
        if !type_fits(&schema["type"], value) {
            found.push(format!("{at}: {value} is not {}", schema["type"]));
        }
        if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
            found.push(format!("{at}: {value} is not in the list"));
        }
        found.extend(self.members(schema, value, at));
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            found.extend(self.faults(&schema["items"], item, &format!("{at}/{index}")));
        }
        let items = value.as_array().map(|items| items.len() as u64);
        let (least, most) = (schema["minItems"].as_u64().unwrap_or(0), schema["maxItems"].as_u64().unwrap_or(u64::MAX));
        if items.is_some_and(|items| !(least..=most).contains(&items)) {
            found.push(format!("{at}: not {least} to {most} items"));
        }
        found
    }

    /// One object with the members of all parts.
    fn together(&self, parts: &[Value]) -> Value {
        let mut whole = serde_json::json!({"type": "object", "properties": {}, "required": []});
        for part in parts {
            let named = part["$ref"].as_str().map(|name| name.trim_start_matches('#'));
            let part = named.map_or(part, |name| self.description.pointer(name).unwrap());
            let properties = part["properties"].as_object().unwrap().clone();
            whole["properties"].as_object_mut().unwrap().extend(properties);
            whole["required"].as_array_mut().unwrap().extend(part["required"].as_array().unwrap().clone());
        }
        whole
    }

    fn members(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let Some(members) = value.as_object() else { return Vec::new() };
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let missing = required.filter(|name| !members.contains_key(*name));
        let mut found: Vec<String> = missing.map(|name| format!("{at}: {name} is missing")).collect();
        let Some(named) = schema["properties"].as_object() else {
            let others = &schema["additionalProperties"];
            let each = members.iter().flat_map(|(name, value)| self.faults(others, value, &format!("{at}/{name}")));
            found.extend(each);
            return found;
        };
        for (name, value) in members {
            match named.get(name) {
                Some(schema) => found.extend(self.faults(schema, value, &format!("{at}/{name}"))),
                None => found.push(format!("{at}: {name} is not described")),
            }
        }
        found
    }
}

fn type_fits(types: &Value, value: &Value) -> bool {
    let one = |name: &str| match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    };
    match types {
        Value::String(name) => one(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(one),
        _ => true,
    }
}
