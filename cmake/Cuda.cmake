# Enables CUDA as SKETCHSCOPE_CUDA says, and sets SKETCHSCOPE_CUDA_FOUND. Enabled here, above every
# target, because programs that link device code need the language too.
set(SKETCHSCOPE_CUDA_FOUND OFF)
if(NOT SKETCHSCOPE_CUDA MATCHES "^(auto|on|off)$")
  message(FATAL_ERROR "SKETCHSCOPE_CUDA is '${SKETCHSCOPE_CUDA}'; expected auto, on or off")
endif()

if(NOT SKETCHSCOPE_CUDA STREQUAL "off")
  # Ampere and Hopper; later processors translate the code of the newest.
  set(CMAKE_CUDA_ARCHITECTURES "80;90" CACHE STRING "GPU architectures to compile for")
  find_program(nvcc NAMES nvcc HINTS ENV CUDA_PATH ENV CUDA_HOME PATHS /usr/local/cuda PATH_SUFFIXES bin)
  mark_as_advanced(nvcc)
  if(nvcc)
    set(CMAKE_CUDA_COMPILER ${nvcc} CACHE FILEPATH "CUDA compiler")
    include(CheckLanguage)
    check_language(CUDA)
  endif()
  if(nvcc AND CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
    if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION) # CMake 3.25.1 does not know that nvcc has C++20
      set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    endif()
    set(CMAKE_CUDA_STANDARD 20)
    set(CMAKE_CUDA_EXTENSIONS OFF)
    set(SKETCHSCOPE_CUDA_FOUND ON)
    message(STATUS "CUDA: ${CMAKE_CUDA_COMPILER_VERSION}, architectures ${CMAKE_CUDA_ARCHITECTURES}")
  elseif(SKETCHSCOPE_CUDA STREQUAL "on")
    message(FATAL_ERROR "SKETCHSCOPE_CUDA is on, but no working nvcc was found. Install a CUDA toolkit, "
                        "put nvcc on the PATH, or configure with -DSKETCHSCOPE_CUDA=off.")
  endif()
endif()
if(NOT SKETCHSCOPE_CUDA_FOUND)
  message(STATUS "CUDA: not built")
endif()
