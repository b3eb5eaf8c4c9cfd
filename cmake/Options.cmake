# Warnings and sanitizers for our own code, carried by one interface target.
find_package(Threads REQUIRED)

add_library(sketchscope_options INTERFACE)
target_include_directories(sketchscope_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(sketchscope_options INTERFACE Threads::Threads)
target_compile_options(sketchscope_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers>
  # Where it inlines std::string and std::optional, g++ 12 sees overlaps, overflows and missing values that
  # are not there (its bugs 105651, 105329 and 105562).
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-stringop-overflow;-Wno-maybe-uninitialized>
  # Options that quiet warnings of g++ alone are no reason for one of clang's.
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:Clang>>:-Wno-unknown-warning-option>
  # Results must not depend on which expressions the compiler chose to fuse.
  $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)

if(SKETCHSCOPE_SANITIZE STREQUAL "address")
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
elseif(SKETCHSCOPE_SANITIZE STREQUAL "thread")
  set(sanitizers -fsanitize=thread -fno-omit-frame-pointer)
elseif(SKETCHSCOPE_SANITIZE STREQUAL "fuzz")
  # What libFuzzer needs to know about every branch; its main function comes with the one program that
  # it drives (tests/CMakeLists.txt).
  set(sanitizers -fsanitize=address,undefined,float-cast-overflow,fuzzer-no-link -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
elseif(SKETCHSCOPE_SANITIZE)
  message(FATAL_ERROR "SKETCHSCOPE_SANITIZE is '${SKETCHSCOPE_SANITIZE}'; expected address, thread, fuzz or nothing")
endif()
target_compile_options(sketchscope_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:${sanitizers}>)
target_link_options(sketchscope_options INTERFACE ${sanitizers})
