//! Generates the messages of the conformance protocol. They use the types of the crate cbcerr and of
//! tonic-types.

use std::{error::Error, fs};

use prost::Message;
use prost_types::FileDescriptorSet;

const DESCRIPTORS: &str = "../gen/conformance.binpb";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DESCRIPTORS}");
    prost_build::Config::new()
        .extern_path(".cbc.error.v1", "::cbcerr::v1")
        .extern_path(".google.rpc", "::tonic_types::pb")
        .extern_path(".google.rpc.Code", "::cbcerr::google::rpc::Code")
        .compile_fds(FileDescriptorSet::decode(&*fs::read(DESCRIPTORS)?)?)?;
    Ok(())
}
