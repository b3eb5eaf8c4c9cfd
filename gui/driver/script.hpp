#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// One statement of a script.
struct ScriptLine {
  int number = 0;  ///< line number from 1
  std::string text;
  std::vector<std::string> words;     ///< verb first; "quoted words" are one word
  std::set<std::size_t> quoted = {};  ///< indices of quoted words
  int times = 1;                      ///< repetitions lines of a `repeat`
  std::vector<ScriptLine> body = {};  ///< of a `repeat`

  [[nodiscard]] const std::string& verb() const { return words.front(); }
};

/// Parses a script. Throws UsageError that names the line on an unknown verb (with the nearest
/// ones), a wrong number of words, or a `repeat` without `end`.
std::vector<ScriptLine> parse_script(std::string_view text);

/// Parses an integer of at least `least`. Throws UsageError that names the line.
int script_number(const ScriptLine& line, const std::string& word, int least);

/// Returns a text as a word of a script, quoted if necessary.
std::string script_word(std::string_view text);

/// Returns a statement that parse_script() parses as these words. Throws UsageError if it would
/// refuse them.
std::string script_statement(std::string_view verb, const std::vector<std::string>& words);

}  // namespace sketchscope
