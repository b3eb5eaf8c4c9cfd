#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sketchscope::text {

/// Returns the members of \w in Oniguruma, for use inside a class of PCRE2: bare it has Latin-1's
/// superscripts and fractions, in brackets not.
std::string oniguruma_word_characters(bool in_brackets);

/// Returns the members of a property of Oniguruma, \p{name}, for use inside a class of PCRE2. A
/// script is that of the property Script, which PCRE2 takes for Script_Extensions. A name that is
/// not known stays as it is, so that the pattern does not compile.
std::string property_members(std::string_view name, bool in_brackets);

/// Returns the members of a class [:name:] of Oniguruma for the same use; nullopt for a name that
/// is not known.
std::optional<std::string> posix_class_members(std::string_view name);

/// Returns what is not among `members`, for the same use; nullopt where they are more than one
/// property, whose complement cannot be written within a class.
std::optional<std::string> complement_of(const std::string& members);

}  // namespace sketchscope::text
