# Finds what the library links, unless the program builds gRPC itself: protobuf by the configuration that its newer
# releases install, else, as for Debian's, by CMake's own module; gRPC last, because it takes the protobuf that was found.
if(NOT TARGET gRPC::grpc++)
  find_package(Protobuf CONFIG QUIET)
  if(NOT TARGET protobuf::libprotobuf)
    find_package(Protobuf MODULE REQUIRED)
  endif()
  find_package(gRPC CONFIG REQUIRED)
endif()
