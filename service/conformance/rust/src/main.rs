//! Executor of the Rust client: reads conformance requests from standard input and writes responses
//! to standard output.

use std::error::Error;
use std::io::{self, BufRead, Write};

use prost::Message;

use pb::{Request, Response};

mod entry_points;
mod json;
mod observations;

/// The messages of the protocol. Executors do not use those of cases.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/cbcerr.conformance.v1.rs"));
}

/// The reason why a request cannot be completed.
type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(req) = read(&mut input)? {
        write(&mut output, &respond(req).await)?;
    }
    Ok(())
}

/// Reads a request. Returns `None` at the end of the input.
fn read(input: &mut impl BufRead) -> Result<Option<Request>, Failure> {
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut size = [0; 4];
    input.read_exact(&mut size)?;
    let mut req = vec![0; u32::from_be_bytes(size).try_into()?];
    input.read_exact(&mut req)?;
    Ok(Some(Request::decode(&*req)?))
}

fn write(output: &mut impl Write, resp: &Response) -> Result<(), Failure> {
    let resp = resp.encode_to_vec();
    output.write_all(&u32::try_from(resp.len())?.to_be_bytes())?;
    output.write_all(&resp)?;
    Ok(output.flush()?)
}

/// Completes a request in a task of tokio, so that a panic fails only this request.
async fn respond(req: Request) -> Response {
    let name = req.name.clone();
    let result = tokio::spawn(entry_points::run(req)).await;
    let (observations, failure) = match result.unwrap_or_else(|panic| Err(panic.into())) {
        Ok(observations) => (observations, String::new()),
        Err(failure) => (vec![], format!("{failure:?}")),
    };
    Response {
        name,
        failure,
        observations,
    }
}
