//! The doors of REST. prost has no JSON: messages go through prost-reflect, which knows their types
//! from the descriptors of the crate.

use std::sync::LazyLock;

use cbcerr::v1::{RaiseRequest, TranslateRequest, Translation};
use prost::{Message, Name};
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor};
use tonic_types::pb::Status;
use ureq::Agent;

use crate::pb::Reading;
use crate::{Failure, readings};

static TYPES: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(cbcerr::FILE_DESCRIPTOR_SET).expect("descriptors of the crate")
});

/// The largest answer that is received, in bytes.
const LIMIT: u64 = 16 << 20;

/// An HTTP status, and the body that came with it.
type Answer = (u16, Vec<u8>);

pub fn translate(url: &str, requests: Vec<TranslateRequest>) -> Result<Vec<Reading>, Failure> {
    let (agent, url) = (
        Agent::new_with_defaults(),
        format!("{url}/v1/responses:translate"),
    );
    let answers = requests.iter().map(|request| post(&agent, &url, request));
    answers.map(|answer| of_translation(answer?)).collect()
}

pub fn raise(url: &str, requests: Vec<TranslateRequest>) -> Result<Vec<Reading>, Failure> {
    let (agent, url) = (
        Agent::new_with_defaults(),
        format!("{url}/v1/responses:raise"),
    );
    let requests = requests.into_iter().map(raise_request);
    let answers = requests.map(|request| post(&agent, &url, &request));
    answers.map(|answer| of_status(answer?)).collect()
}

pub fn raise_request(TranslateRequest { response, locales }: TranslateRequest) -> RaiseRequest {
    RaiseRequest { response, locales }
}

fn post<M: Message + Name>(agent: &Agent, url: &str, message: &M) -> Result<Answer, Failure> {
    let request = agent.post(url).config().http_status_as_error(false).build();
    let body = print(&M::full_name(), message)?;
    let mut answer = request.content_type("application/json").send(body)?;
    let body = answer.body_mut().with_config().limit(LIMIT).read_to_vec()?;
    Ok((answer.status().as_u16(), body))
}

fn of_translation(answer: Answer) -> Result<Reading, Failure> {
    if answer.0 != 200 {
        return of_status(answer);
    }
    let translation: Translation = parse(&Translation::full_name(), &answer.1)?;
    let json = print(&Translation::full_name(), &translation)?;
    Ok(Reading {
        json,
        ..readings::of_translation(translation)
    })
}

fn of_status((code, body): Answer) -> Result<Reading, Failure> {
    let status: Status = parse("google.rpc.Status", &body)?;
    let json = print("google.rpc.Status", &status)?;
    if readings::is_own(&status) {
        return Ok(readings::of_own(status));
    }
    if code != 200 && status.details.is_empty() {
        return Err(format!("HTTP {code}: {json}").into());
    }
    Ok(Reading {
        json,
        ..readings::of_status(status)
    })
}

fn descriptor(name: &str) -> Result<MessageDescriptor, Failure> {
    TYPES
        .get_message_by_name(name)
        .ok_or_else(|| format!("no type {name}").into())
}

fn print(name: &str, message: &impl Message) -> Result<String, Failure> {
    let mut dynamic = DynamicMessage::new(descriptor(name)?);
    dynamic.transcode_from(message)?;
    Ok(serde_json::to_string(&dynamic)?)
}

/// Passes over what the contract of this client does not have yet: fields and names of enums.
fn parse<M: Message + Default>(name: &str, json: &[u8]) -> Result<M, Failure> {
    let lenient = DeserializeOptions::new().deny_unknown_fields(false);
    let mut source = serde_json::Deserializer::from_slice(json);
    let dynamic =
        DynamicMessage::deserialize_with_options(descriptor(name)?, &mut source, &lenient)?;
    source.end()?;
    Ok(dynamic.transcode_to()?)
}
