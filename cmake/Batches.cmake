# How sources become objects faster than one by one.
#
# Most of what compiling a source costs is reading headers. So all targets share one precompiled
# header of the standard library, and where SKETCHSCOPE_UNITY is on, the sources of a folder are
# compiled together in batches. The debug preset compiles each source by itself: there a missing
# include cannot hide behind a neighbour.
option(SKETCHSCOPE_UNITY "Compile the sources of a folder together, in batches" ON)

# sketchscope_batches(<target> [BATCH <sources a batch, default 8>])
# Gives each source of the target a batch of its folder. A source with the property
# SKIP_UNITY_BUILD_INCLUSION stays alone.
function(sketchscope_batches target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "BATCH" "")
  if(NOT arg_BATCH)
    set(arg_BATCH 8)
  endif()
  if(NOT SKETCHSCOPE_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(SORT sources)
  set(last_folder "")
  foreach(source IN LISTS sources)
    get_filename_component(folder "${source}" ABSOLUTE)
    get_filename_component(folder "${folder}" DIRECTORY)
    if(NOT folder STREQUAL last_folder)
      set(last_folder "${folder}")
      set(count 0)
    endif()
    math(EXPR batch "${count} / ${arg_BATCH}")
    math(EXPR count "${count} + 1")
    file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR} "${folder}")
    string(MAKE_C_IDENTIFIER "${name}" name)
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${name}_${batch}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# One precompiled header for each optimisation level, since the compiler takes it for its own level
# alone: arithmetic as the build type says (release: -O3), the rest with -O2. Tests add GoogleTest; most of
# their code is assertions, which take the compiler a third longer with -O2 and run no faster.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/standard_headers.cpp CONTENT "") # written once
foreach(level IN ITEMS arithmetic plain tests)
  add_library(sketchscope_headers_${level} STATIC EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/standard_headers.cpp)
  target_link_libraries(sketchscope_headers_${level} PRIVATE sketchscope_options)
  target_precompile_headers(sketchscope_headers_${level} PRIVATE
    <algorithm> <array> <charconv> <chrono> <cmath> <cstdint> <cstdio> <cstdlib> <cstring> <deque>
    <filesystem> <fstream> <functional> <iomanip> <iostream> <limits> <map> <memory> <mutex> <numeric>
    <optional> <set> <span> <sstream> <stop_token> <string> <string_view> <thread> <tuple>
    <unordered_map> <utility> <variant> <vector>)
endforeach()
# Where it inlines more, g++ 12 also sees bounds of std::string that are not there (its bug 105651).
set(sketchscope_options_arithmetic
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-array-bounds>)
set(sketchscope_options_plain $<$<CONFIG:Release>:-O2>)
set(sketchscope_options_tests $<$<CONFIG:Release>:-O1>)
foreach(level IN ITEMS arithmetic plain tests)
  target_compile_options(sketchscope_headers_${level} PRIVATE ${sketchscope_options_${level}})
endforeach()
if(SKETCHSCOPE_TESTS)
  find_package(GTest REQUIRED)
  target_link_libraries(sketchscope_headers_tests PRIVATE GTest::gmock)
  target_precompile_headers(sketchscope_headers_tests PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
endif()

# `cmake --build … --target all_sources_alone` reads each source of the program by itself, without
# making code of it, so that a batch never hides what a source leans on.
add_custom_target(all_sources_alone)

function(sketchscope_read_alone target level)
  get_target_property(sources ${target} SOURCES)
  add_library(${target}_alone OBJECT EXCLUDE_FROM_ALL ${sources})
  target_link_libraries(${target}_alone PRIVATE $<TARGET_PROPERTY:${target},LINK_LIBRARIES>)
  target_compile_definitions(${target}_alone PRIVATE $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
  target_compile_options(${target}_alone PRIVATE $<TARGET_PROPERTY:${target},COMPILE_OPTIONS> -fsyntax-only)
  target_precompile_headers(${target}_alone REUSE_FROM sketchscope_headers_${level})
  add_dependencies(all_sources_alone ${target}_alone)
endfunction()

# sketchscope_compile(<target> arithmetic|plain|tests [BATCH <sources a batch>])
function(sketchscope_compile target level)
  target_precompile_headers(${target} REUSE_FROM sketchscope_headers_${level})
  target_compile_options(${target} PRIVATE ${sketchscope_options_${level}})
  sketchscope_batches(${target} ${ARGN})
  if(SKETCHSCOPE_UNITY AND NOT level STREQUAL "tests")
    sketchscope_read_alone(${target} ${level})
  endif()
endfunction()

# sketchscope_headers(<target> <glob>...)
# Names the headers of a library. `cmake --build … --target all_verify_interface_header_sets`
# compiles those alone that have no source of their name, so that none leans on what its users happen to
# include before it. The others are the first that their own source includes, which all_sources_alone reads.
function(sketchscope_headers target)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${ARGN})
  list(FILTER headers EXCLUDE REGEX "/kernels/cpu/|/kernels/cuda/[^/]*\\.cuh$|/cuda_emulator/")
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "\\.hpp$" ".cpp" source ${header})
    if(EXISTS ${source})
      list(REMOVE_ITEM headers ${header})
    endif()
  endforeach()
  target_sources(${target} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()
