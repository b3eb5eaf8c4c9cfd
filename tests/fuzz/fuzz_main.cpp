// The program of the fuzzers, for libFuzzer. Two flags of its own come before libFuzzer's:
// `--target=NAME` names the reader, and `--seeds=FOLDER` writes its seeds there and ends.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

std::optional<std::string> flag_of(int count, char** arguments, std::string_view name) {
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument.starts_with(name)) return std::string(argument.substr(name.size()));
  }
  return std::nullopt;
}

void write_seeds(const Target& target, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const std::string& seed : target.seeds()) {
    core::write_file(folder / ("seed-" + std::to_string(++number)), seed);
  }
}

/// The reader that is fuzzed; libFuzzer calls functions that take no more than bytes.
const Target*& chosen() {
  static const Target* target = nullptr;
  return target;
}

void start(int count, char** arguments) {
  const auto name = flag_of(count, arguments, "--target=");
  if (!name) {
    for (const Target& target : targets()) {
      std::cout << target.name << "\t" << target.help << "\n";
    }
    std::exit(EXIT_SUCCESS);
  }
  chosen() = &targets().at(*name);
  if (const auto folder = flag_of(count, arguments, "--seeds=")) {
    write_seeds(*chosen(), *folder);
    std::exit(EXIT_SUCCESS);
  }
}

}  // namespace
}  // namespace sketchscope::fuzz

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  try {
    sketchscope::fuzz::start(*count, *arguments);
  } catch (const sketchscope::core::Error& error) {
    std::cerr << error.what() << "\n";
    std::exit(EXIT_FAILURE);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sketchscope::fuzz::chosen()->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
