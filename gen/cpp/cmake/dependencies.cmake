# Finds protobuf and gRPC, unless the program builds gRPC itself. Newer releases of protobuf install a package configuration;
# for others, such as Debian's, CMake has a module. gRPC comes last because it uses the protobuf that was found.
if(NOT TARGET gRPC::grpc++)
  find_package(Protobuf CONFIG QUIET)
  if(NOT TARGET protobuf::libprotobuf)
    find_package(Protobuf MODULE REQUIRED)
  endif()
  find_package(gRPC CONFIG REQUIRED)
endif()
