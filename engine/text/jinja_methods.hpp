#pragma once

#include <string>

#include "engine/text/jinja_value.hpp"

namespace sketchscope::text {

// All functions below throw Error on a name, a kind of value or an argument that is not understood.

/// Returns what a filter, as in "text | trim", makes of a value.
JinjaValue apply_jinja_filter(const std::string& name, const JinjaValue& value,
                              const JinjaArguments& arguments);

/// Returns whether a test, as in "value is string", holds.
bool holds_jinja_test(const std::string& name, const JinjaValue& value,
                      const JinjaArguments& arguments);

/// Returns what a method of Python, as in "text.strip()", makes of a value.
JinjaValue call_jinja_method(const std::string& name, const JinjaValue& of,
                             const JinjaArguments& arguments);

/// Returns an attribute of a value or an item of a list, a dictionary or a text; an absent one is
/// undefined.
JinjaValue jinja_item(const JinjaValue& of, const JinjaValue& which);

/// Returns the items of a list or the characters of a text between two places, as Python does.
JinjaValue jinja_slice(const JinjaValue& of, const JinjaValue& begin, const JinjaValue& end,
                       const JinjaValue& step);

/// Returns what an operator such as + makes of two values.
JinjaValue jinja_arithmetic(const std::string& sign, const JinjaValue& left,
                            const JinjaValue& right);

/// Returns whether a comparison, such as < or "not in", holds.
bool jinja_comparison(const std::string& sign, const JinjaValue& left, const JinjaValue& right);

}  // namespace sketchscope::text
