//! Typed client of cbcerr, which translates error responses of Huawei Cloud's billing and
//! operations APIs (CBC, also named BSS) into [`google.rpc.Status`](tonic_types::pb::Status).
//!
//! [`v1`] has the messages and clients. [`CbcError`] has what every program needs to handle an
//! error: log its `code`, branch on its `reason`, show its `message`.
//!
//! ```no_run
#![doc = include_str!("../examples/example.rs")]
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod cbc_error;

pub use cbc_error::{CbcError, DOMAIN, meaning, meaning_of};
pub use proto::{cbc::error::v1, google};

/// Descriptors of the contract, as a serialized `google.protobuf.FileDescriptorSet`.
///
/// They include the types of all details. Reflection libraries such as prost-reflect need them to
/// read the JSON of REST.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("../cbcerr.binpb");

/// The generated modules, nested as the generated code expects.
mod proto {
    pub mod cbc {
        pub mod error {
            /// Messages, enums and clients of `cbc.error.v1`, generated from the contract.
            ///
            /// `v1::CbcError` is the typed detail of a status. Most programs use
            /// [`crate::CbcError`] instead.
            pub mod v1 {
                tonic::include_proto!("cbc.error.v1");
            }
        }
    }
    /// Messages and enums of google that tonic-types lacks. Their descriptors have no comments.
    #[allow(missing_docs)]
    pub mod google {
        /// `google.api`: HTTP bodies.
        pub mod api {
            tonic::include_proto!("google.api");
        }
        /// `google.rpc`: status codes. The messages are in [`tonic_types::pb`].
        pub mod rpc {
            tonic::include_proto!("google.rpc");
        }
    }
}
