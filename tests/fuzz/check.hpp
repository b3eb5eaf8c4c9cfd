#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/core/error.hpp"
#include "engine/text/tokenizer.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::fuzz {

/// The exception for a reader that broke its promise; it ends a fuzzer like a crash.
class Violation final : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws Violation unless `holds`.
void require(bool holds, const std::string& what);

/// Throws Violation unless the message of an Error is of a length that a person reads and says what
/// was found or what was expected.
void require_helpful(std::string_view message);

/// Returns what `read` returns; nullopt where it refused its input with an Error. Every other
/// exception passes, and a fuzzer reports it.
template <typename Read>
std::optional<std::invoke_result_t<Read>> accepted(const Read& read) {
  try {
    return read();
  } catch (const core::Error& error) {
    require_helpful(error.what());
    return std::nullopt;
  }
}

/// A file that holds the input, in a folder of its own.
class InputFile {
 public:
  InputFile(const std::string& name, std::string_view input);
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Returns the path of another file in the same folder.
  [[nodiscard]] std::filesystem::path beside(const std::string& name) const {
    return folder_.path() / name;
  }

 private:
  support::TemporaryDirectory folder_;
  std::filesystem::path path_;
};

/// Several files by name, as one input: each begins with a line "@#:NAME".
using Files = std::map<std::string, std::string>;
std::string join_files(const Files& files);
/// Returns the files of an input; what stands before the first name is left aside.
Files split_files(std::string_view input);
/// Returns a file's content; empty where there is none of that name.
std::string content_of(const Files& files, const std::string& name);

/// Reads the tensor's numbers in their order, unless they are many, and checks how many they are.
void check_tensor(const std::string& name, const checkpoint::CheckpointTensor& tensor);

/// Encodes and decodes a text, and checks that ids are the tokenizer's own and the same every time.
void check_tokenizer(const text::Tokenizer& tokenizer, std::string_view text);

}  // namespace sketchscope::fuzz
