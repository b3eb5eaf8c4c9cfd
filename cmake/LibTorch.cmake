# sketchscope_torch: LibTorch's CPU libraries.
#
# A LibTorch the user names (-DTorch_DIR=<libtorch>/share/cmake/Torch, or a CMAKE_PREFIX_PATH that
# holds one) is used; else the pinned Python wheel that scripts/setup unpacks into .deps/python.
# Both have the same layout and are linked directly: LibTorch's own find_package insists on a CUDA
# toolkit where it was built with one, which a machine without a GPU need not have.
if(NOT SKETCHSCOPE_TORCH)
  message(STATUS "LibTorch: not used")
  return()
endif()
find_path(Torch_DIR TorchConfig.cmake PATH_SUFFIXES share/cmake/Torch
          HINTS ENV Torch_DIR NO_SYSTEM_ENVIRONMENT_PATH NO_CMAKE_SYSTEM_PATH
          DOC "Folder of TorchConfig.cmake, if not the pinned wheel")

if(Torch_DIR)
  get_filename_component(torch_root "${Torch_DIR}/../../.." ABSOLUTE)
  set(torch_remedy "Give Torch_DIR as <libtorch>/share/cmake/Torch.")
else()
  set(torch_root ${PROJECT_SOURCE_DIR}/.deps/python/torch)
  set(torch_remedy "Run scripts/setup once (it installs what is missing), name your own with "
                   "-DTorch_DIR=<libtorch>/share/cmake/Torch, or do without the trainer: "
                   "-DSKETCHSCOPE_TORCH=OFF.")
endif()
if(NOT EXISTS ${torch_root}/lib/libtorch_cpu.so)
  message(FATAL_ERROR "LibTorch was not found: there is no ${torch_root}/lib/libtorch_cpu.so. " ${torch_remedy})
endif()
# LibTorch moved the header of its version from the one folder to the other.
set(torch_version "of unknown version")
foreach(header IN ITEMS headeronly/version.h csrc/api/include/torch/version.h)
  if(EXISTS ${torch_root}/include/torch/${header})
    file(STRINGS ${torch_root}/include/torch/${header} parts REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]")
    if(parts)
      list(TRANSFORM parts REPLACE "[^0-9]" "")
      list(JOIN parts "." torch_version)
    endif()
  endif()
endforeach()
message(STATUS "LibTorch: ${torch_version}, ${torch_root}")

add_library(sketchscope_torch INTERFACE)
target_include_directories(sketchscope_torch SYSTEM INTERFACE
  ${torch_root}/include ${torch_root}/include/torch/csrc/api/include)
target_link_libraries(sketchscope_torch INTERFACE
  ${torch_root}/lib/libtorch_cpu.so ${torch_root}/lib/libc10.so)
target_link_options(sketchscope_torch INTERFACE
  # LibTorch's libraries find their own needs; only ours are checked at link time.
  -Wl,--allow-shlib-undefined)
