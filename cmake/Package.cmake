# A package for Debian and its relatives of what Install.cmake installs (scripts/package).
set(SKETCHSCOPE_MAINTAINER "SketchScope maintainers <maintainers@sketchscope.invalid>" CACHE STRING
    "Who answers for the package")
set(what "")
if(SKETCHSCOPE_TORCH)
  set(what "This package has the trainer of the embedded model as well, with LibTorch.")
elseif(NOT SKETCHSCOPE_GUI)
  set(what "This package has no window: for machines without a display.")
endif()
configure_file(packaging/lintian-overrides.in ${CMAKE_BINARY_DIR}/packaging/lintian-overrides @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/packaging/lintian-overrides DESTINATION share/lintian/overrides
        RENAME ${SKETCHSCOPE_PACKAGE} COMPONENT program)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ${SKETCHSCOPE_PACKAGE})
set(CPACK_PACKAGE_VENDOR SketchScope)
set(CPACK_PACKAGE_CONTACT "${SKETCHSCOPE_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
# All components in one package, of which a test leaves LibTorch's out.
set(CPACK_COMPONENTS_ALL program)
if(SKETCHSCOPE_TORCH)
  list(APPEND CPACK_COMPONENTS_ALL libtorch)
endif()
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "visualizer of key/value-cache compression in language models")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "SketchScope runs GPT-2, Llama, Mistral, Qwen2, Qwen3 and SmolLM3 models with a
capped key/value cache and shows, token by token, what the cap costs: which
positions leave which layer and why, what sketch counters hold, what memory is
used, and how far attention and the next token move from those of the full
cache. The same engine measures without a window: perplexity, recall, grids of
settings.
${what}")
# The libraries follow from the program; what it calls or draws with does not.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "python3:any")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3-pip")
if(SKETCHSCOPE_GUI)
  string(APPEND CPACK_DEBIAN_PACKAGE_RECOMMENDS
         ", fonts-inter, fonts-jetbrains-mono, libegl-mesa0, libgl1-mesa-dri")
endif()
if(NOT SKETCHSCOPE_PACKAGE STREQUAL "sketchscope")
  set(CPACK_DEBIAN_PACKAGE_PROVIDES sketchscope)
  set(CPACK_DEBIAN_PACKAGE_CONFLICTS sketchscope)
  set(CPACK_DEBIAN_PACKAGE_REPLACES sketchscope)
endif()
include(CPack)
