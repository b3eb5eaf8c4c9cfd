#include "engine/text/pattern_properties.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/text/text_pattern.hpp"

namespace sketchscope::text {
namespace {

/// A name and what it means in PCRE2.
struct NamedMembers {
  std::string_view name;
  std::string_view members;
};

// Letters, marks, numbers, connectors, and the alphabetic characters that are none of them.
constexpr std::string_view kWord =
    R"(\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149})"
    R"(\x{1F150}-\x{1F169}\x{1F170}-\x{1F189})";

/// Names that mean the same in \p{name} and [:name:].
constexpr NamedMembers kClasses[] = {
    {"alnum", R"(\p{Alphabetic}\p{Nd})"},
    {"alpha", R"(\p{Alphabetic})"},
    {"ascii", R"(\p{ASCII})"},
    {"blank", R"(\h)"},
    {"cntrl", R"(\p{Cc})"},
    {"digit", R"(\p{Nd})"},
    {"graph", R"(\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}\p{Co})"},
    {"lower", R"(\p{Lowercase})"},
    {"print", R"(\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}\p{Co}\p{Zs})"},
    {"space", R"(\s)"},
    {"upper", R"(\p{Uppercase})"},
    {"xdigit", "0-9A-Fa-f"},
};

/// General categories by their long names, which PCRE2 does not know.
constexpr NamedMembers kCategories[] = {
    {"assigned", R"(\P{Cn})"},
    {"casedletter", R"(\p{LC})"},
    {"closepunctuation", R"(\p{Pe})"},
    {"combiningmark", R"(\p{M})"},
    {"connectorpunctuation", R"(\p{Pc})"},
    {"control", R"(\p{Cc})"},
    {"currencysymbol", R"(\p{Sc})"},
    {"dashpunctuation", R"(\p{Pd})"},
    {"decimalnumber", R"(\p{Nd})"},
    {"enclosingmark", R"(\p{Me})"},
    {"finalpunctuation", R"(\p{Pf})"},
    {"format", R"(\p{Cf})"},
    {"initialpunctuation", R"(\p{Pi})"},
    {"letter", R"(\p{L})"},
    {"letternumber", R"(\p{Nl})"},
    {"lineseparator", R"(\p{Zl})"},
    {"lowercaseletter", R"(\p{Ll})"},
    {"mark", R"(\p{M})"},
    {"mathsymbol", R"(\p{Sm})"},
    {"modifierletter", R"(\p{Lm})"},
    {"modifiersymbol", R"(\p{Sk})"},
    {"nonspacingmark", R"(\p{Mn})"},
    {"number", R"(\p{N})"},
    {"openpunctuation", R"(\p{Ps})"},
    {"other", R"(\p{C})"},
    {"otherletter", R"(\p{Lo})"},
    {"othernumber", R"(\p{No})"},
    {"otherpunctuation", R"(\p{Po})"},
    {"othersymbol", R"(\p{So})"},
    {"paragraphseparator", R"(\p{Zp})"},
    {"privateuse", R"(\p{Co})"},
    {"punct", R"(\p{P})"},  // [:punct:] has the symbols too
    {"punctuation", R"(\p{P})"},
    {"separator", R"(\p{Z})"},
    {"spaceseparator", R"(\p{Zs})"},
    {"spacingmark", R"(\p{Mc})"},
    {"surrogate", R"(\p{Cs})"},
    {"symbol", R"(\p{S})"},
    {"titlecaseletter", R"(\p{Lt})"},
    {"unassigned", R"(\p{Cn})"},
    {"uppercaseletter", R"(\p{Lu})"},
};

template <std::size_t Count>
std::optional<std::string> found_in(const NamedMembers (&table)[Count], std::string_view name) {
  const auto* const found = std::ranges::find(table, name, &NamedMembers::name);
  if (found == std::end(table)) return std::nullopt;
  return std::string(found->members);
}

/// Returns a name of a property without what does not count in it.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char letter : name) {
    if (letter == ' ' || letter == '_' || letter == '-') continue;
    plain += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return plain;
}

bool compiles(const std::string& pattern) {
  try {
    (void)TextPattern(pattern, "a property");
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

}  // namespace

std::string oniguruma_word_characters(bool in_brackets) {
  return std::string(kWord) + (in_brackets ? "" : R"(\x{B2}\x{B3}\x{B9}\x{BC}-\x{BE})");
}

std::string property_members(std::string_view name, bool in_brackets) {
  const std::string plain = plain_name(name);
  if (plain == "word") return oniguruma_word_characters(in_brackets);
  if (auto members = found_in(kClasses, plain)) return std::move(*members);
  if (auto members = found_in(kCategories, plain)) return std::move(*members);
  const bool alphabetic = !plain.empty() && std::ranges::all_of(plain, [](char letter) {
    return std::isalpha(static_cast<unsigned char>(letter)) != 0;
  });
  std::string script = "\\p{sc:" + plain + "}";
  // The names of categories have at most two letters, those of scripts more.
  if (alphabetic && plain.size() > 2 && compiles(script)) return script;
  return "\\p{" + std::string(name) + "}";
}

std::optional<std::string> posix_class_members(std::string_view name) {
  if (name == "word") return oniguruma_word_characters(true);
  if (name == "punct") return R"(\p{P}\p{S})";
  return found_in(kClasses, name);
}

std::optional<std::string> complement_of(const std::string& members) {
  const bool one = members.starts_with('\\') && members.find('\\', 1) == std::string::npos;
  if (!one) return std::nullopt;
  std::string complement = members;
  complement[1] = static_cast<char>(complement[1] ^ 0x20);  // \p and \P, \s and \S, \h and \H
  return complement;
}

}  // namespace sketchscope::text
