#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sketchscope::core {

/// Throws UsageError for a name that is not in a registry of `what`, with the known names and the
/// nearest of them.
[[noreturn]] void refuse_name(std::string_view what, std::string_view name,
                              const std::vector<std::string_view>& known);

/// The implementations of one kind that are chosen by name, in the order in which they are offered.
/// An entry has at least a `name`; most have a `help` and a factory function. The entries outlive
/// the registry.
template <typename Entry>
class Registry {
 public:
  /// `what` names the kind of entry in errors, such as "policy".
  constexpr Registry(std::string_view what, std::span<const Entry> entries)
      : what_(what), entries_(entries) {}

  [[nodiscard]] constexpr auto begin() const { return entries_.begin(); }
  [[nodiscard]] constexpr auto end() const { return entries_.end(); }
  [[nodiscard]] constexpr std::size_t size() const { return entries_.size(); }

  [[nodiscard]] std::vector<std::string_view> names() const {
    std::vector<std::string_view> names;
    for (const Entry& entry : entries_) names.push_back(entry.name);
    return names;
  }

  /// Returns null where there is no such entry.
  [[nodiscard]] const Entry* find(std::string_view name) const {
    const auto found = std::ranges::find(entries_, name, &Entry::name);
    return found == entries_.end() ? nullptr : &*found;
  }

  /// Returns the entry. Throws UsageError naming the nearest entries where there is none.
  [[nodiscard]] const Entry& at(std::string_view name) const {
    if (const Entry* found = find(name)) return *found;
    refuse_name(what_, name, names());
  }

 private:
  std::string_view what_;
  std::span<const Entry> entries_;
};

/// A chosen entry of the registry that the function `entries` returns. It is compared as cheaply as
/// an enumeration and gives access to the properties of its entry. It can be constructed from a
/// name but not compared with one: code asks for properties of the entry instead.
template <auto entries>
class Chosen {
 public:
  using Entry = std::remove_cvref_t<decltype(*entries().begin())>;

  /// Implicit, so that a choice can be written as its name. Throws UsageError on an unknown name.
  template <std::convertible_to<std::string_view> Text>
  Chosen(const Text& name) : entry_(&entries().at(name)) {}
  /// Implicit, so that an entry of the registry, or a copy of one, is a choice.
  Chosen(const Entry& entry) : Chosen(entry.name) {}

  [[nodiscard]] const Entry* operator->() const { return entry_; }
  [[nodiscard]] const Entry& operator*() const { return *entry_; }
  [[nodiscard]] std::string name() const { return std::string(entry_->name); }

  friend bool operator==(const Chosen&, const Chosen&) = default;
  template <std::convertible_to<std::string_view> Text>
  friend bool operator==(const Chosen&, const Text&) = delete;

 private:
  const Entry* entry_;
};

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

}  // namespace sketchscope::core
