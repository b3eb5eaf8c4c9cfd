#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::text {

/// A piece of a Jinja template.
struct JinjaToken {
  enum class Kind { plain, output_begin, output_end, tag_begin, tag_end, name, text, number, sign };

  Kind kind = Kind::plain;
  std::string text = {};  ///< the plain text, name or sign; what a quoted text stands for
  int line = 1;

  friend bool operator==(const JinjaToken&, const JinjaToken&) = default;
};

/// Splits a template as Jinja does with trim_blocks and lstrip_blocks, which transformers sets:
/// comments are gone, and so are the blanks around tags that those options or a '-' take away.
/// Throws Error on what is no template or is larger than any real one.
std::vector<JinjaToken> split_jinja(std::string_view source);

}  // namespace sketchscope::text
