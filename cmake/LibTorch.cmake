# sketchscope_torch: LibTorch's CPU libraries.
#
# A LibTorch the user names (-DTorch_DIR=... or a CMAKE_PREFIX_PATH that holds one) is used as it is.
# Otherwise the pinned Python wheel that scripts/setup unpacks into .deps/python is linked directly:
# its own find_package insists on a CUDA toolkit, which a machine without a GPU need not have.
add_library(sketchscope_torch INTERFACE)

find_package(Torch QUIET)
if(Torch_FOUND)
  message(STATUS "LibTorch: ${Torch_DIR}")
  target_link_libraries(sketchscope_torch INTERFACE ${TORCH_LIBRARIES})
  target_include_directories(sketchscope_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  return()
endif()

set(wheel ${PROJECT_SOURCE_DIR}/.deps/python)
if(NOT EXISTS ${wheel}/torch/lib/libtorch_cpu.so)
  message(FATAL_ERROR "LibTorch was not found in ${wheel}. Run scripts/setup once (it installs what is "
                      "missing), or name your own with -DTorch_DIR=<libtorch>/share/cmake/Torch.")
endif()
message(STATUS "LibTorch: the pinned wheel in ${wheel}")

target_include_directories(sketchscope_torch SYSTEM INTERFACE
  ${wheel}/torch/include ${wheel}/torch/include/torch/csrc/api/include)
target_compile_definitions(sketchscope_torch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
target_link_libraries(sketchscope_torch INTERFACE
  ${wheel}/torch/lib/libtorch_cpu.so ${wheel}/torch/lib/libc10.so)
target_link_options(sketchscope_torch INTERFACE
  # The wheel's libraries find their own needs; only ours are checked at link time.
  -Wl,--allow-shlib-undefined -Wl,-rpath,${wheel}/torch/lib)
