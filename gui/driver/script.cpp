#include "gui/driver/script.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <sstream>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::driver {
namespace {

core::UsageError mistake(int number, const std::string& found, const std::string& expected) {
  return core::UsageError(
      {.what = "script line " + std::to_string(number), .found = found, .expected = expected});
}

/// Splits a line into words at spaces. A quoted word may contain spaces, and \n and \" as in C.
ScriptLine split_line(std::string text, int number) {
  ScriptLine line{.number = number, .text = std::move(text), .words = {}};
  const std::string_view rest = line.text;
  std::size_t at = 0;
  while (at < rest.size()) {
    if (rest[at] == ' ' || rest[at] == '\t' || rest[at] == '\r') {
      ++at;
    } else if (rest[at] == '#') {
      break;
    } else if (rest[at] == '"') {
      std::string word;
      for (++at; at < rest.size() && rest[at] != '"'; ++at) {
        const bool escape = rest[at] == '\\' && at + 1 < rest.size();
        if (escape) ++at;
        word += escape && rest[at] == 'n' ? '\n' : rest[at];
      }
      if (at == rest.size()) throw mistake(number, line.text, "a closing quote");
      ++at;
      line.quoted.insert(line.words.size());
      line.words.push_back(std::move(word));
    } else {
      const std::size_t end = std::min(rest.find_first_of(" \t\r", at), rest.size());
      line.words.emplace_back(rest.substr(at, end - at));
      at = end;
    }
  }
  return line;
}

void check_words(const ScriptLine& line) {
  const ScriptVerb* verb = find_verb(line.verb());
  if (verb == nullptr) {
    std::vector<std::string_view> names;
    for (const ScriptVerb& known : script_verbs()) names.push_back(known.name);
    throw mistake(line.number, "'" + line.verb() + "'",
                  "a verb, nearest: " + core::join(core::nearest(line.verb(), names)));
  }
  const std::size_t count = line.words.size() - 1;
  const WordCount allowed = word_count(*verb);
  if (count < allowed.least || count > allowed.most) {
    const bool loose = count > allowed.most && line.quoted.empty();
    throw mistake(
        line.number, "'" + line.text + "'",
        usage_text(*verb) + (loose ? "; several words that are one stand in quotes" : ""));
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : stream_{std::string(text)} {}

  /// Parses lines up to the end of the file or the `end` of the `repeat` in line `opened`.
  std::vector<ScriptLine> block(std::optional<int> opened) {
    std::vector<ScriptLine> lines;
    for (std::string text; std::getline(stream_, text);) {
      text.erase(0, text.find_first_not_of(" \t"));
      ScriptLine line = split_line(text, ++number_);
      if (line.words.empty()) continue;
      check_words(line);
      if (line.verb() == "end") {
        if (!opened) throw mistake(number_, "'end'", "a 'repeat' before it");
        return lines;
      }
      if (line.verb() == "repeat") {
        line.times = script_number(line, line.words[1], 1);
        if (++depth_ > kDeepest) throw mistake(number_, "'repeat' in 50 others", "fewer");
        line.body = block(line.number);
        --depth_;
      }
      lines.push_back(std::move(line));
    }
    if (opened) throw mistake(*opened, "'repeat'", "an 'end' after it");
    return lines;
  }

 private:
  static constexpr int kDeepest = 50;

  std::istringstream stream_;
  int number_ = 0;
  int depth_ = 0;  // of the present line, in repeats
};

constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

/// Returns the verbs that control the execution of other lines.
std::vector<ScriptVerb> structure_verbs() {
  return {
      {.name = "test", .forms = {{"NAME…", "names the lines that follow, up to the next `test`"}}},
      {.name = "repeat", .forms = {{"N", "repeats the lines up to its `end`"}}},
      {.name = "end", .forms = {{"", "ends a `repeat`"}}},
  };
}

std::string statement_text(const ScriptVerb& verb, const VerbForm& form) {
  std::string text(verb.name);
  if (!form.arguments.empty()) text += " " + std::string(form.arguments);
  return text;
}

}  // namespace

std::vector<ScriptLine> parse_script(std::string_view text) {
  return Parser(text).block(std::nullopt);
}

int script_number(const ScriptLine& line, const std::string& word, int least) {
  const auto value = core::parse_number<int>(word);
  if (value && *value >= least) return *value;
  throw mistake(line.number, "'" + word + "'",
                "a whole number of at least " + std::to_string(least));
}

std::string script_word(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(" \t\r\n\"#\\") == std::string_view::npos;
  if (plain) return std::string(text);
  std::string word = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') word += '\\';
    if (letter == '\n') {
      word += "\\n";
    } else {
      word += letter;
    }
  }
  return word + "\"";
}

std::string script_statement(std::string_view verb, const std::vector<std::string>& words) {
  std::string text(verb);
  for (const std::string& word : words) text += " " + script_word(word);
  static_cast<void>(parse_script(text));
  return text;
}

const std::vector<ScriptVerb>& script_verbs() {
  static const std::vector<ScriptVerb> verbs = [] {
    std::vector<ScriptVerb> all;
    const auto add = [&](std::string_view heading, std::vector<ScriptVerb> part) {
      for (ScriptVerb& verb : part) all.emplace_back(std::move(verb)).heading = heading;
    };
    add("", structure_verbs());
    add("the run", run_verbs());
    add("mouse and keyboard", input_verbs());
    add("what must be so", expectation_verbs());
    return all;
  }();
  return verbs;
}

const ScriptVerb* find_verb(std::string_view name) {
  const auto found = std::ranges::find(script_verbs(), name, &ScriptVerb::name);
  return found == script_verbs().end() ? nullptr : &*found;
}

WordCount word_count(const ScriptVerb& verb) {
  WordCount count{.least = kAnyNumber};
  for (const VerbForm& form : verb.forms) {
    std::size_t least = 0;
    std::size_t most = 0;
    bool optional = false;
    std::istringstream stream{std::string(form.arguments)};
    for (std::string word; stream >> word;) {
      if (word.starts_with('[')) optional = true;
      ++most;
      if (!optional) ++least;
      if (word.ends_with(']')) optional = false;
      if (word.ends_with("…")) most = kAnyNumber;
    }
    count.least = std::min(count.least, least);
    count.most = std::max(count.most, most);
  }
  return count;
}

std::string usage_text(const ScriptVerb& verb) {
  std::string text;
  for (const VerbForm& form : verb.forms) {
    text += (text.empty() ? "" : " | ") + statement_text(verb, form);
  }
  return text;
}

std::string verb_table() {
  std::string table = "| line | does |\n|---|---|\n";
  std::string_view heading;
  for (const ScriptVerb& verb : script_verbs()) {
    if (std::exchange(heading, verb.heading) != verb.heading) {
      table += "| **" + std::string(heading) + "** | |\n";
    }
    for (const VerbForm& form : verb.forms) {
      table += "| `" + statement_text(verb, form) + "` | " + std::string(form.help) + " |\n";
    }
  }
  return table;
}

}  // namespace sketchscope::driver
