#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// One statement of a script.
struct ScriptLine {
  int number = 0;  ///< in the file, from 1
  std::string text;
  std::vector<std::string> words;     ///< verb first; "quoted words" are one word
  std::set<std::size_t> quoted = {};  ///< which of the words stood in quotes
  int times = 1;                      ///< of a `repeat`
  std::vector<ScriptLine> body = {};  ///< of a `repeat`

  [[nodiscard]] const std::string& verb() const { return words.front(); }
};

/// Reads a script. Throws UsageError naming the line: an unknown verb (with the nearest ones), a
/// wrong number of words, a `repeat` without its `end`.
std::vector<ScriptLine> parse_script(std::string_view text);

/// A whole number of at least `least` in a script. Throws UsageError naming the line.
int script_number(const ScriptLine& line, const std::string& word, int least);

/// A word of a script: in quotes where it must be.
std::string script_word(std::string_view text);

/// A statement of this verb, which parse_script reads as these words. Throws UsageError where it
/// would refuse them.
std::string script_statement(std::string_view verb, const std::vector<std::string>& words);

}  // namespace sketchscope
