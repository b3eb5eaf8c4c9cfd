#include "engine/checkpoint/gguf_metadata.hpp"

#include <concepts>
#include <cstring>
#include <type_traits>
#include <utility>

#include "engine/checkpoint/byte_cursor.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

constexpr int kDeepestArray = 8;

std::string_view take_text(ByteCursor& cursor) {
  const auto bytes = cursor.take(cursor.number<std::uint64_t>());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Calls use(Number{}) with the C++ type of a type of numbers; returns false for other types.
template <typename Use>
bool with_number(GgufValueType type, const Use& use) {
  switch (type) {
    case GgufValueType::u8:
      return use(std::uint8_t{}), true;
    case GgufValueType::i8:
      return use(std::int8_t{}), true;
    case GgufValueType::u16:
      return use(std::uint16_t{}), true;
    case GgufValueType::i16:
      return use(std::int16_t{}), true;
    case GgufValueType::u32:
      return use(std::uint32_t{}), true;
    case GgufValueType::i32:
      return use(std::int32_t{}), true;
    case GgufValueType::f32:
      return use(float{}), true;
    case GgufValueType::boolean:
      return use(bool{}), true;
    case GgufValueType::u64:
      return use(std::uint64_t{}), true;
    case GgufValueType::i64:
      return use(std::int64_t{}), true;
    case GgufValueType::f64:
      return use(double{}), true;
    case GgufValueType::text:
    case GgufValueType::array:
      break;
  }
  return false;
}

/// Reads a truth value, one byte that is 0 or 1.
bool take_boolean(ByteCursor& cursor) {
  const auto byte = cursor.number<std::uint8_t>();
  if (byte > 1) cursor.refuse("the truth value " + std::to_string(byte), "0 or 1");
  return byte == 1;
}

template <typename Number>
GgufValue take_number(ByteCursor& cursor) {
  if constexpr (std::same_as<Number, bool>) {
    return take_boolean(cursor);
  } else if constexpr (std::is_floating_point_v<Number>) {
    return static_cast<double>(cursor.number<Number>());
  } else if constexpr (std::is_signed_v<Number>) {
    return std::int64_t{cursor.number<Number>()};
  } else {
    return std::uint64_t{cursor.number<Number>()};
  }
}

GgufValueType take_type(ByteCursor& cursor) {
  const auto number = cursor.number<std::uint32_t>();
  if (number > 0xFF || core::name_of(static_cast<GgufValueType>(number)).empty()) {
    cursor.refuse("the type of value " + std::to_string(number), "0 to 12");
  }
  return static_cast<GgufValueType>(number);
}

/// Refuses a count of items that cannot fit what is left of the file, before anything is allocated.
void require_room(const ByteCursor& cursor, std::uint64_t count, std::size_t least_bytes) {
  if (count > cursor.left() / least_bytes) {
    cursor.refuse("a list of " + std::to_string(count) + " values",
                  "at most what fits the " + std::to_string(cursor.left()) + " bytes left");
  }
}

GgufArray take_array(ByteCursor& cursor, int depth) {
  if (depth == kDeepestArray) cursor.refuse("lists within lists", "at most 8 levels of them");
  GgufArray array{.type = take_type(cursor)};
  const auto count = cursor.number<std::uint64_t>();
  require_room(cursor, count, 1);
  array.count = count;
  if (array.type == GgufValueType::text) {
    require_room(cursor, count, sizeof(std::uint64_t));
    array.texts.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) array.texts.push_back(take_text(cursor));
  } else if (array.type == GgufValueType::array) {
    for (std::uint64_t i = 0; i < count; ++i) {
      array.arrays.push_back(take_array(cursor, depth + 1));
    }
  } else {
    with_number(array.type, [&](auto number) {
      require_room(cursor, count, sizeof number);
      array.numbers = cursor.take(count * sizeof number);
    });
  }
  return array;
}

GgufValue take_value(ByteCursor& cursor) {
  const GgufValueType type = take_type(cursor);
  if (type == GgufValueType::text) return take_text(cursor);
  if (type == GgufValueType::array) return take_array(cursor, 0);
  GgufValue value;
  with_number(type, [&](auto number) { value = take_number<decltype(number)>(cursor); });
  return value;
}

/// Describes a value for a message.
struct Describe {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::uint64_t value) const { return std::to_string(value); }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return std::to_string(value); }
  std::string operator()(std::string_view value) const {
    constexpr std::size_t kLongest = 60;
    return "the text '" + std::string(value.substr(0, kLongest)) +
           (value.size() > kLongest ? "…'" : "'");
  }
  std::string operator()(const GgufArray& value) const {
    return "a list of " + std::to_string(value.count) + " values of the type " +
           core::name_of(value.type);
  }
};

template <typename Number>
std::vector<Number> converted(const GgufArray& array) {
  std::vector<Number> values(array.count);
  with_number(array.type, [&](auto stored) {
    for (std::size_t i = 0; i < array.count; ++i) {
      // A byte that is no truth value must not be read as one.
      std::conditional_t<std::same_as<decltype(stored), bool>, std::uint8_t, decltype(stored)>
          number;
      std::memcpy(&number, array.numbers.data() + i * sizeof number, sizeof number);
      values[i] = static_cast<Number>(number);
    }
  });
  return values;
}

bool is_fraction(GgufValueType type) {
  return type == GgufValueType::f32 || type == GgufValueType::f64;
}

}  // namespace

GgufMetadata::GgufMetadata(ByteCursor& cursor, std::uint64_t count, std::string source)
    : source_(std::move(source)) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string key(take_text(cursor));
    if (!values_.try_emplace(key, take_value(cursor)).second) {
      cursor.refuse("the key " + key + " for the second time", "each key once");
    }
  }
}

bool GgufMetadata::contains(std::string_view key) const {
  return values_.find(key) != values_.end();
}

std::int64_t GgufMetadata::integer(std::string_view key, std::int64_t lowest,
                                   std::int64_t highest) const {
  const bool limited = lowest != std::numeric_limits<std::int64_t>::min() ||
                       highest != std::numeric_limits<std::int64_t>::max();
  const std::string expected =
      limited ? "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest)
              : "a whole number";
  const GgufValue& found = value(key, expected);
  std::int64_t number = 0;
  if (const auto* const positive = std::get_if<std::uint64_t>(&found)) {
    if (!std::in_range<std::int64_t>(*positive)) refuse(key, expected);
    number = static_cast<std::int64_t>(*positive);
  } else if (const auto* const any = std::get_if<std::int64_t>(&found)) {
    number = *any;
  } else {
    refuse(key, expected);
  }
  if (number < lowest || number > highest) refuse(key, expected);
  return number;
}

double GgufMetadata::number(std::string_view key) const {
  const GgufValue& found = value(key, "a number");
  if (const auto* const fraction = std::get_if<double>(&found)) return *fraction;
  if (const auto* const positive = std::get_if<std::uint64_t>(&found)) {
    return static_cast<double>(*positive);
  }
  if (const auto* const any = std::get_if<std::int64_t>(&found)) return static_cast<double>(*any);
  refuse(key, "a number");
}

bool GgufMetadata::boolean(std::string_view key) const {
  if (const auto* const found = std::get_if<bool>(&value(key, "true or false"))) return *found;
  refuse(key, "true or false");
}

std::string_view GgufMetadata::text(std::string_view key) const {
  if (const auto* const found = std::get_if<std::string_view>(&value(key, "a text"))) return *found;
  refuse(key, "a text");
}

std::span<const std::string_view> GgufMetadata::texts(std::string_view key) const {
  const GgufArray& found = array(key, "a list of texts");
  if (found.type != GgufValueType::text) refuse(key, "a list of texts");
  return found.texts;
}

std::vector<double> GgufMetadata::numbers(std::string_view key) const {
  const GgufArray& found = array(key, "a list of numbers");
  if (found.type == GgufValueType::text || found.type == GgufValueType::array) {
    refuse(key, "a list of numbers");
  }
  return converted<double>(found);
}

std::vector<std::int64_t> GgufMetadata::integers(std::string_view key) const {
  const GgufArray& found = array(key, "a list of whole numbers");
  if (found.type == GgufValueType::text || found.type == GgufValueType::array ||
      is_fraction(found.type)) {
    refuse(key, "a list of whole numbers");
  }
  return converted<std::int64_t>(found);
}

void GgufMetadata::refuse(std::string_view key, const std::string& expected) const {
  const auto found = values_.find(key);
  throw core::Error(
      {.what = "key " + std::string(key) + " of " + source_ + " cannot be used",
       .found = found == values_.end() ? "no such key" : std::visit(Describe{}, found->second),
       .expected = expected,
       .remedy = "convert the model to GGUF again, or fetch another file"});
}

const GgufValue& GgufMetadata::value(std::string_view key, const std::string& expected) const {
  const auto found = values_.find(key);
  if (found == values_.end()) refuse(key, expected);
  return found->second;
}

const GgufArray& GgufMetadata::array(std::string_view key, const std::string& expected) const {
  const auto* const found = std::get_if<GgufArray>(&value(key, expected));
  if (found == nullptr) refuse(key, expected);
  return *found;
}

}  // namespace sketchscope::checkpoint
