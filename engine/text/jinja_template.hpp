#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/text/jinja_value.hpp"

namespace sketchscope::text {

/// Returns what a Jinja template writes where its variables have these values. It understands what
/// chat templates commonly use, and throws Error naming what it finds beyond, or where the template
/// raises an exception itself. Work and memory are bounded, since templates come with files of
/// unknown origin.
std::string write_jinja(std::string_view source, std::map<std::string, JinjaValue> variables);

}  // namespace sketchscope::text
