# Installs the libraries, the headers and the package configuration for find_package(cbcerr).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/cbcerr)
set(libraries cbcerr)
if(TARGET cbcerr_googleapis)
  list(APPEND libraries cbcerr_googleapis)
endif()

install(TARGETS ${libraries} EXPORT cbcerr INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
foreach(library IN LISTS libraries)
  install(DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${library}_generated/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN *.h)
endforeach()
install(FILES cbcerr/cbcerr.h cbcerr/json.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cbcerr)
install(EXPORT cbcerr NAMESPACE cbcerr:: FILE cbcerr-targets.cmake DESTINATION ${package})

# Before 1.0, a minor version may change the API.
write_basic_package_version_file(cbcerr-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/cbcerr-config.cmake cmake/dependencies.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/cbcerr-config-version.cmake DESTINATION ${package})
