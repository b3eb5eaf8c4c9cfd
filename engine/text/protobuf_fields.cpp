#include "engine/text/protobuf_fields.hpp"

#include <bit>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope::text {

float ProtobufField::as_float() const {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value));
}

ProtobufFields::ProtobufFields(std::string_view message, std::string source)
    : message_(message), rest_(message), source_(std::move(source)) {}

std::optional<ProtobufField> ProtobufFields::next() {
  if (rest_.empty()) return std::nullopt;
  const std::uint64_t key = varint();
  ProtobufField field{.number = key >> 3};
  switch (key & 7) {
    case 0:
      field.value = varint();
      break;
    case 1:
      field.value = fixed(8);
      break;
    case 2: {
      const std::uint64_t length = varint();
      if (length > rest_.size()) refuse("a field of " + std::to_string(length) + " bytes");
      field.bytes = rest_.substr(0, static_cast<std::size_t>(length));
      field.has_bytes = true;
      rest_.remove_prefix(field.bytes.size());
      break;
    }
    case 5:
      field.value = fixed(4);
      break;
    default:
      refuse("wire type " + std::to_string(key & 7));
  }
  return field;
}

std::uint64_t ProtobufFields::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) refuse("the end of the message inside a number");
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  refuse("a number of more than ten bytes");
}

std::uint64_t ProtobufFields::fixed(std::size_t bytes) {
  if (rest_.size() < bytes) refuse("the end of the message inside a number");
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(rest_[i])) << (8 * i);
  }
  rest_.remove_prefix(bytes);
  return value;
}

void ProtobufFields::refuse(const std::string& found) const {
  throw core::Error({.what = source_ + " is damaged at byte " +
                             std::to_string(message_.size() - rest_.size()) + " of a message",
                     .found = found,
                     .expected = "a SentencePiece model",
                     .remedy = "fetch the file again"});
}

}  // namespace sketchscope::text
