//! The ways in which a question may fail, for the description of the API. Status and code come
//! from [`Problem`], so that they cannot differ from what is sent. Called by the descriptions on
//! the handlers: each names the groups that it can come to.

use std::collections::BTreeMap;

use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::problem::{MEDIA_TYPE, Problem, ProblemBody};

/// One response per status, with the codes that it may hold.
fn described(problems: &[Problem]) -> BTreeMap<String, RefOr<Response>> {
    let mut codes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for problem in problems {
        codes.entry(problem.status().as_u16().to_string()).or_default().push(problem.code());
    }
    let response = |codes: &[&str]| {
        let schema = Ref::from_schema_name(ProblemBody::name());
        let content = Content::new(Some(RefOr::<utoipa::openapi::Schema>::Ref(schema)));
        ResponseBuilder::new().description(codes.join(", ")).content(MEDIA_TYPE, content).build()
    };
    codes.iter().map(|(status, codes)| (status.clone(), response(codes).into())).collect()
}

macro_rules! failures {
    ($($(#[$what:meta])* $name:ident: [$($problem:expr),+];)+) => {$(
        $(#[$what])*
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                described(&[$($problem),+])
            }
        }
    )+};
}

failures! {
    /// Any question: it took too long, or the fault is ours.
    Always: [Problem::Timeout, Problem::Internal];
    /// The state is asked who this is.
    NoState: [Problem::StateUnavailable];
    /// The release is needed, beside the state.
    NoRelease: [Problem::StateUnavailable, Problem::NoRelease];
    /// There is no open session.
    SignedOut: [Problem::NotSignedIn];
    /// Name and password do not fit.
    Refused: [Problem::SignInRefused];
    /// There is no open session, or the password does not fit.
    RefusedOrSignedOut: [Problem::NotSignedIn, Problem::SignInRefused];
    /// This role may not see this.
    Hidden: [Problem::NotAuthorised];
    /// Another site's page sent this.
    FromElsewhere: [Problem::CrossSite];
    /// The release has no such thing.
    Unknown: [Problem::NotFound("")];
    /// The address is not as described.
    BadPlace: [Problem::BadRequest("")];
    /// A parameter is not as described.
    BadQuery: [Problem::BadRequest("")];
    /// The body is not as described.
    BadBody: [Problem::BadRequest(""), Problem::TooLarge, Problem::NotJson];
    /// The new password is too short or too long.
    WeakPassword: [Problem::WeakPassword];
    /// Wait before trying again.
    TooManyAttempts: [Problem::TooManyAttempts(0)];
}

/// Who has the answer already (`If-None-Match`) does not get it again.
pub(super) struct Unchanged;

impl IntoResponses for Unchanged {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = Response::new("The answer has not changed.");
        BTreeMap::from([("304".to_owned(), response.into())])
    }
}
