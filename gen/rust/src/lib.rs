//! The typed client of cbcerr, which turns raw error responses of Huawei Cloud's billing and
//! operations APIs (CBC, also named BSS) into [`google.rpc.Status`](tonic_types::pb::Status).
//!
//! [`v1`] has the messages and clients, [`CbcError`] the few words that every program needs: quote
//! its `code`, branch on its `reason`, show its `message`.
//!
//! ```no_run
#![doc = include_str!("../examples/example.rs")]
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod cbc_error;

pub use cbc_error::{CbcError, DOMAIN, meaning};
pub use proto::{cbc::error::v1, google};

/// The contract's descriptors, a serialized `google.protobuf.FileDescriptorSet`: what libraries of
/// reflection want, such as prost-reflect for the JSON of REST. It has the types of all details.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("../cbcerr.binpb");

/// The generated modules, as deep as the generated code expects them.
mod proto {
    pub mod cbc {
        pub mod error {
            /// The messages, enums and clients of `cbc.error.v1`, generated from the contract.
            /// `v1::CbcError` is the typed detail of a status; most programs read it through
            /// [`crate::CbcError`].
            pub mod v1 {
                tonic::include_proto!("cbc.error.v1");
            }
        }
    }
    /// The messages and enums of google's that tonic-types does not have. Their descriptors come
    /// without comments.
    #[allow(missing_docs)]
    pub mod google {
        /// `google.api`: bodies of any content type.
        pub mod api {
            tonic::include_proto!("google.api");
        }
        /// `google.rpc`: the codes of a status. Its messages are those of [`tonic_types::pb`].
        pub mod rpc {
            tonic::include_proto!("google.rpc");
        }
    }
}
