# cbcerr_program(VARIABLE TARGETS… NAME) sets VARIABLE to the first existing target of TARGETS, else to the program NAME.
function(cbcerr_program variable)
  list(POP_BACK ARGN name)
  foreach(target IN LISTS ARGN)
    if(TARGET ${target})
      set(${variable} $<TARGET_FILE:${target}> PARENT_SCOPE)
      return()
    endif()
  endforeach()
  find_program(CBCERR_${name} ${name} REQUIRED)
  set(${variable} ${CBCERR_${name}} PARENT_SCOPE)
endfunction()

# cbcerr_generate(TARGET MESSAGES file… [SERVICES file…]) adds a library with the generated code of files of the contract, named
# without .proto. It generates stubs for SERVICES. Each library has its own include directory, so that no stale headers
# remain if CBCERR_GOOGLEAPIS_TARGET changes. It is a system directory, which suppresses warnings in generated code.
function(cbcerr_generate target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "MESSAGES;SERVICES")
  cbcerr_program(protoc protobuf::protoc protoc)
  cbcerr_program(plugin gRPC::grpc_cpp_plugin grpc_cpp_plugin grpc_cpp_plugin)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_generated)
  set(descriptors ${CMAKE_CURRENT_SOURCE_DIR}/../cbcerr.binpb)
  list(TRANSFORM arg_MESSAGES PREPEND ${folder}/ OUTPUT_VARIABLE messages)
  list(TRANSFORM arg_SERVICES PREPEND ${folder}/ OUTPUT_VARIABLE services)
  list(TRANSFORM messages APPEND .pb.h OUTPUT_VARIABLE headers)
  list(TRANSFORM messages APPEND .pb.cc OUTPUT_VARIABLE sources)
  list(TRANSFORM services APPEND .grpc.pb.h OUTPUT_VARIABLE stub_headers)
  list(TRANSFORM services APPEND .grpc.pb.cc OUTPUT_VARIABLE stub_sources)
  list(TRANSFORM arg_MESSAGES APPEND .proto)
  list(TRANSFORM arg_SERVICES APPEND .proto)

  file(MAKE_DIRECTORY ${folder})
  set(stubs "")
  if(arg_SERVICES)
    set(stubs COMMAND ${protoc} --descriptor_set_in=${descriptors} --grpc_out=${folder}
      --plugin=protoc-gen-grpc=${plugin} ${arg_SERVICES})
  endif()
  add_custom_command(
    OUTPUT ${headers} ${sources} ${stub_headers} ${stub_sources}
    COMMAND ${protoc} --descriptor_set_in=${descriptors} --cpp_out=${folder} ${arg_MESSAGES}
    ${stubs}
    DEPENDS ${descriptors}
    COMMENT "Generating ${target}"
    VERBATIM)

  add_library(${target} ${headers} ${sources} ${stub_headers} ${stub_sources})
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_include_directories(${target} SYSTEM PUBLIC $<BUILD_INTERFACE:${folder}>)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()
