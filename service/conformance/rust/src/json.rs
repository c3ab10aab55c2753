//! The entry points of REST. prost has no JSON, so prost-reflect converts the messages. It gets their
//! types from the crate's descriptors.

use std::sync::LazyLock;

use cbcerr::v1::{RaiseRequest, TranslateRequest, Translation};
use prost::{Message, Name};
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor};
use tonic_types::pb::Status;
use ureq::Agent;

use crate::pb::Observation;
use crate::{Failure, observations};

static TYPES: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(cbcerr::FILE_DESCRIPTOR_SET).expect("descriptors of the crate")
});

/// The maximum size of a response in bytes.
const MAX_BODY_BYTES: u64 = 16 << 20;

/// The HTTP status and the body of a response.
type HttpResponse = (u16, Vec<u8>);

pub fn translate(url: &str, requests: Vec<TranslateRequest>) -> Result<Vec<Observation>, Failure> {
    let (agent, url) = (
        Agent::new_with_defaults(),
        format!("{url}/v1/responses:translate"),
    );
    let responses = requests.iter().map(|request| post(&agent, &url, request));
    responses
        .map(|response| of_translation(response?))
        .collect()
}

pub fn raise(url: &str, requests: Vec<TranslateRequest>) -> Result<Vec<Observation>, Failure> {
    let (agent, url) = (
        Agent::new_with_defaults(),
        format!("{url}/v1/responses:raise"),
    );
    let requests = requests.into_iter().map(raise_request);
    let responses = requests.map(|request| post(&agent, &url, &request));
    responses.map(|response| of_status(response?)).collect()
}

pub fn raise_request(TranslateRequest { response, locales }: TranslateRequest) -> RaiseRequest {
    RaiseRequest { response, locales }
}

fn post<M: Message + Name>(agent: &Agent, url: &str, message: &M) -> Result<HttpResponse, Failure> {
    let request = agent.post(url).config().http_status_as_error(false).build();
    let body = print(&M::full_name(), message)?;
    let mut response = request.content_type("application/json").send(body)?;
    let body = response
        .body_mut()
        .with_config()
        .limit(MAX_BODY_BYTES)
        .read_to_vec()?;
    Ok((response.status().as_u16(), body))
}

fn of_translation(response: HttpResponse) -> Result<Observation, Failure> {
    if response.0 != 200 {
        return of_status(response);
    }
    let translation: Translation = parse(&Translation::full_name(), &response.1)?;
    let json = print(&Translation::full_name(), &translation)?;
    Ok(Observation {
        json,
        ..observations::of_translation(translation)
    })
}

fn of_status((code, body): HttpResponse) -> Result<Observation, Failure> {
    let status: Status = parse("google.rpc.Status", &body)?;
    let json = print("google.rpc.Status", &status)?;
    if observations::is_rejection(&status) {
        return Ok(observations::rejection(status));
    }
    if code != 200 && status.details.is_empty() {
        return Err(format!("HTTP {code}: {json}").into());
    }
    Ok(Observation {
        json,
        ..observations::of_status(status)
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

/// Parses JSON. Ignores fields and enum names that are newer than this client.
fn parse<M: Message + Default>(name: &str, json: &[u8]) -> Result<M, Failure> {
    let options = DeserializeOptions::new().deny_unknown_fields(false);
    let mut source = serde_json::Deserializer::from_slice(json);
    let dynamic =
        DynamicMessage::deserialize_with_options(descriptor(name)?, &mut source, &options)?;
    source.end()?;
    Ok(dynamic.transcode_to()?)
}
