//! stub
mod fetch;

fn main() {}
