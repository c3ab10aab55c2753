//! The executor of the Rust client: it does what tasks say and reports what the client made of the
//! answers.

use std::error::Error;
use std::io::{self, BufRead, Write};

use prost::Message;

use pb::{Report, Task};

mod doors;
mod json;
mod readings;

/// The messages of tasks and reports, and those of cases, which are not for executors.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/cbcerr.conformance.v1.rs"));
}

/// Whatever keeps a task from being done.
type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(task) = read(&mut input)? {
        write(&mut output, &report(task).await)?;
    }
    Ok(())
}

/// Reads a task; none at the end of the input.
fn read(input: &mut impl BufRead) -> Result<Option<Task>, Failure> {
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut size = [0; 4];
    input.read_exact(&mut size)?;
    let mut task = vec![0; u32::from_be_bytes(size).try_into()?];
    input.read_exact(&mut task)?;
    Ok(Some(Task::decode(&*task)?))
}

fn write(output: &mut impl Write, report: &Report) -> Result<(), Failure> {
    let report = report.encode_to_vec();
    output.write_all(&u32::try_from(report.len())?.to_be_bytes())?;
    output.write_all(&report)?;
    Ok(output.flush()?)
}

/// Does a task as one of tokio's, so that a panic fails no other.
async fn report(task: Task) -> Report {
    let name = task.name.clone();
    let done = tokio::spawn(doors::enter(task)).await;
    let (readings, failure) = match done.unwrap_or_else(|panic| Err(panic.into())) {
        Ok(readings) => (readings, String::new()),
        Err(failure) => (vec![], format!("{failure:?}")),
    };
    Report {
        name,
        failure,
        readings,
    }
}
