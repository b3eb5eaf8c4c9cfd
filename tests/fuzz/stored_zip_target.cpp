#include "engine/checkpoint/zip_archive.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/torch_file.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_stored_zip(std::string_view input) {
  const auto bytes = std::as_bytes(std::span(input));
  const auto read = accepted([&] { return checkpoint::read_zip(bytes, "archive.zip"); });
  if (!read) return false;
  for (const auto& [name, content] : read->stored) {
    require(content.empty() || (content.data() >= bytes.data() &&
                                content.data() + content.size() <= bytes.data() + bytes.size()),
            "file " + name + " leaves its archive");
  }
  return true;
}

std::vector<std::string> stored_zip_seeds() {
  support::TorchFile file;
  file.storage("abcd");
  return {file.zip("N")};
}

}  // namespace

Target stored_zip_target() {
  return {"stored-zip", "a zip archive of files that are stored as they are", run_stored_zip,
          stored_zip_seeds};
}

}  // namespace sketchscope::fuzz
