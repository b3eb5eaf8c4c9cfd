#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sketchscope {

/// A value of an enumeration with its name in files, flags and the window.
template <typename Enum>
struct NamedValue {
  Enum value;
  std::string_view name;
};

/// The names of an enumeration's values, in the order in which they are offered. Specialised next
/// to the enumeration; the order does not depend on the values' numbers.
template <typename Enum>
inline constexpr std::array<NamedValue<Enum>, 0> enum_names{};

template <typename Enum>
concept NamedEnum = std::is_enum_v<Enum> && !enum_names<Enum>.empty();

/// Returns the name of a value; empty for a number that is no value of the enumeration.
template <NamedEnum Enum>
std::string name_of(Enum value) {
  const auto found = std::ranges::find(enum_names<Enum>, value, &NamedValue<Enum>::value);
  return found == enum_names<Enum>.end() ? std::string() : std::string(found->name);
}

/// Returns the value with a name; nullopt where there is none.
template <NamedEnum Enum>
std::optional<Enum> value_named(std::string_view name) {
  const auto found = std::ranges::find(enum_names<Enum>, name, &NamedValue<Enum>::name);
  return found == enum_names<Enum>.end() ? std::nullopt : std::optional(found->value);
}

/// Returns the names of all values, in the order in which they are offered.
template <NamedEnum Enum>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  for (const auto& [value, name] : enum_names<Enum>) names.push_back(name);
  return names;
}

}  // namespace sketchscope
