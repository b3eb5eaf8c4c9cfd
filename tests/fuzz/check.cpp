#include "tests/fuzz/check.hpp"

#include <algorithm>
#include <vector>

#include "engine/checkpoint/tensor_numbers.hpp"

namespace sketchscope::fuzz {
namespace {

// No end of the mark is its beginning, so that content which ends like it hides no mark.
constexpr std::string_view kMark = "@#:";
constexpr std::size_t kLongestMessage = 4000;
constexpr std::uint64_t kMostNumbers = 1 << 16;

/// Returns the product of the sizes; nullopt where it is beyond what a test reads.
std::optional<std::uint64_t> count_of(const std::vector<std::int64_t>& shape) {
  std::uint64_t count = 1;
  for (const std::int64_t size : shape) {
    require(size >= 0, "a tensor has an axis of " + std::to_string(size));
    if (__builtin_mul_overflow(count, static_cast<std::uint64_t>(size), &count)) return {};
  }
  return count <= kMostNumbers ? std::optional(count) : std::nullopt;
}

}  // namespace

void require(bool holds, const std::string& what) {
  if (!holds) throw Violation(what);
}

void require_helpful(std::string_view message) {
  require(message.size() <= kLongestMessage,
          "a message of " + std::to_string(message.size()) + " bytes");
  require(message.find("found ") != std::string_view::npos ||
              message.find("expected ") != std::string_view::npos,
          "a message without what was found or expected: " + std::string(message));
}

InputFile::InputFile(const std::string& name, std::string_view input)
    : path_(folder_.path() / name) {
  support::write_bytes(path_, input);
}

std::string join_files(const Files& files) {
  std::string input;
  for (const auto& [name, content] : files) {
    input += std::string(kMark) + name + "\n" + content;
  }
  return input;
}

Files split_files(std::string_view input) {
  Files files;
  std::size_t at = input.find(kMark);
  while (at != std::string_view::npos) {
    input.remove_prefix(at + kMark.size());
    const std::size_t line = std::min(input.find('\n'), input.size());
    const std::string name(input.substr(0, line));
    input.remove_prefix(std::min(line + 1, input.size()));
    at = input.find(kMark);
    files.insert_or_assign(name, std::string(input.substr(0, at)));
  }
  return files;
}

std::string content_of(const Files& files, const std::string& name) {
  const auto found = files.find(name);
  return found == files.end() ? std::string() : found->second;
}

void check_tensor(const std::string& name, const checkpoint::CheckpointTensor& tensor) {
  using Type = checkpoint::CheckpointTensor::Type;
  const auto count = count_of(tensor.shape);
  if (!count || tensor.type == Type::other) return;
  std::vector<std::byte> room;
  const auto numbers = accepted([&] { return checkpoint::row_major_bytes(name, tensor, room); });
  if (!numbers) return;
  require(numbers->size() == *count * checkpoint::element_bytes(tensor.type),
          "tensor " + name + " has another number of numbers than its shape");
  static_cast<void>(checkpoint::first_not_finite(tensor.type, *numbers));
}

void check_tokenizer(const text::Tokenizer& tokenizer, std::string_view text) {
  const auto ids = accepted([&] { return tokenizer.encode(text, {.add_special_tokens = true}); });
  if (!ids) return;
  for (const int id : *ids) {
    require(id >= 0 && id < tokenizer.size(), "id " + std::to_string(id) + " of no token");
  }
  require(tokenizer.encode(text, {.add_special_tokens = true}) == *ids,
          "a text has other ids the second time");
  static_cast<void>(tokenizer.decode(*ids));
}

}  // namespace sketchscope::fuzz
