#include "engine/core/npy.hpp"

#include <charconv>
#include <limits>

namespace sketchscope {
namespace {

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t kPrelude = kMagic.size() + 2;  // with the two bytes of the header's length
constexpr std::size_t kAlignment = 64;

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "(";
  for (const std::size_t size : shape) text += std::to_string(size) + ", ";
  return text + ")";
}

Error damaged(const std::string& source, const std::string& found, const std::string& expected) {
  return Error({.what = "array " + source + " is damaged",
                .found = found,
                .expected = expected,
                .remedy = "Save or copy the file again"});
}

/// Returns the text between `'key': ` and `end`.
std::string_view field(std::string_view header, std::string_view key, char end) {
  const std::string quoted = "'" + std::string(key) + "': ";
  const std::size_t at = header.find(quoted);
  if (at == std::string_view::npos) return {};
  const std::size_t from = at + quoted.size();
  return header.substr(from, header.find(end, from) - from);
}

/// Appends the numbers of a text such as "(3, 4"; returns false where it holds anything else.
bool parse_shape(std::string_view text, std::vector<std::size_t>& shape) {
  if (text.empty() || text.front() != '(') return false;
  text.remove_prefix(1);
  while (!text.empty()) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc()) return text.find_first_not_of(" ,") == std::string_view::npos;
    shape.push_back(size);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::size_t next = text.find_first_not_of(" ,");
    text.remove_prefix(next == std::string_view::npos ? text.size() : next);
  }
  return true;
}

/// Returns the product of the extents, or the largest std::size_t where it would overflow.
std::size_t count_of(const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t size : shape) {
    if (__builtin_mul_overflow(count, size, &count)) return std::numeric_limits<std::size_t>::max();
  }
  return count;
}

}  // namespace

std::string npy_header(std::string_view type, std::span<const std::size_t> shape) {
  std::string words = "{'descr': '" + std::string(type) +
                      "', 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  const std::size_t unpadded = kPrelude + words.size() + 1;
  words.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  words += '\n';
  std::string header(kMagic);
  header += static_cast<char>(words.size() & 0xFFU);
  header += static_cast<char>(words.size() >> 8U);
  return header + words;
}

NpyContent read_npy_header(std::string_view file, std::string_view type, std::size_t width,
                           const std::string& source) {
  if (!file.starts_with(kMagic) || file.size() < kPrelude) {
    throw damaged(source, "another beginning", "an NPY file, version 1.0");
  }
  const std::size_t length = static_cast<std::uint8_t>(file[kMagic.size()]) +
                             256U * static_cast<std::uint8_t>(file[kMagic.size() + 1]);
  if (file.size() < kPrelude + length) throw damaged(source, "half a header", "a whole one");
  const std::string_view header = file.substr(kPrelude, length);
  NpyContent content{{}, file.substr(kPrelude + length)};
  const std::string_view found = field(header, "descr", ',');
  if (found != "'" + std::string(type) + "'") {
    throw damaged(source, "numbers of type " + std::string(found), "of type " + std::string(type));
  }
  if (field(header, "fortran_order", ',') != "False" ||
      !parse_shape(field(header, "shape", ')'), content.shape)) {
    throw damaged(source, std::string(header), "a shape, in C order");
  }
  if (content.bytes.size() % width != 0 ||
      content.bytes.size() / width != count_of(content.shape)) {
    throw damaged(source, std::to_string(content.bytes.size()) + " bytes",
                  shape_text(content.shape) + " numbers of " + std::to_string(width) + " bytes");
  }
  return content;
}

}  // namespace sketchscope
