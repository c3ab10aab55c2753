//! Generates the messages and clients of `cbc.error.v1` and the table of meanings. The input is the
//! descriptor set `cbcerr.binpb`, so the build needs no protoc.

use std::{collections::BTreeMap, env, error::Error, fs, io, path::Path};

use prost::Message;
use prost_reflect::{DescriptorPool, EnumValueDescriptor, ExtensionDescriptor};
use prost_types::FileDescriptorSet;
use tonic_prost_build::Config;

const DESCRIPTORS: &str = "cbcerr.binpb";

/// Files that only define options, which clients do not use.
const OPTION_FILES: [&str; 3] = [
    "google/api/annotations.proto",
    "google/api/field_behavior.proto",
    "google/api/http.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DESCRIPTORS}");
    let contract = fs::read(DESCRIPTORS)?;
    generate(FileDescriptorSet::decode(&*contract)?)?;
    let table = meanings(&DescriptorPool::decode(&*contract)?).ok_or("no meanings")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("meanings.rs"), table)?;
    Ok(())
}

/// Generates the messages, and a client for each service. The messages of google.rpc come from
/// tonic-types, so that a program has one type for each.
fn generate(mut files: FileDescriptorSet) -> io::Result<()> {
    let mut builder = tonic_prost_build::configure().build_server(false);
    let files_of_rpc = files.file.iter().filter(|f| f.package() == "google.rpc");
    for message in files_of_rpc.flat_map(|f| &f.message_type) {
        let name = message.name();
        let path = format!("::tonic_types::pb::{name}");
        builder = builder.extern_path(format!(".google.rpc.{name}"), path);
    }
    files.file.retain(|f| !OPTION_FILES.contains(&f.name()));
    let mut config = Config::new();
    config.enable_type_names();
    config.type_name_domain(["."], "type.googleapis.com");
    builder.compile_fds_with_config(files, config)
}

/// Returns the source of an array of (number, encoded meaning), sorted by number.
fn meanings(contract: &DescriptorPool) -> Option<String> {
    let option = contract.get_extension_by_name("cbc.error.v1.meaning")?;
    let codes = contract.get_enum_by_name("cbc.error.v1.ErrorCode")?;
    let rows: BTreeMap<_, _> = codes
        .values()
        .filter_map(|code| Some((code.number(), meaning(&code, &option)?)))
        .collect();
    let rows: String = rows
        .iter()
        .map(|(number, meaning)| format!("({number}, &{meaning:?}),\n"))
        .collect();
    Some(format!("[{rows}]"))
}

fn meaning(code: &EnumValueDescriptor, option: &ExtensionDescriptor) -> Option<Vec<u8>> {
    let options = code.options();
    let value = options
        .has_extension(option)
        .then(|| options.get_extension(option))?;
    Some(value.as_message()?.encode_to_vec())
}
