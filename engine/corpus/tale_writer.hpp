#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/corpus/corpus.hpp"

namespace sketchscope::corpus {

/// Writes one tale sentence by sentence and tracks which facts hold in it.
class TaleWriter {
 public:
  explicit TaleWriter(const TaleOptions& options);

  Tale write();

 private:
  struct Fact {
    const FactTemplates* templates = nullptr;  ///< null for an entry of the list that is read aloud
    std::string person;
    std::string thing;
    std::string value;
    std::size_t mentioned = 0;
    std::size_t mentions = 0;
    bool changed = false;
  };

  void state_new_fact();
  void change_a_fact();
  void ask();
  void write_filler();
  void introduce_person();
  void sing_refrain();
  void quote_earlier_sentence();
  void read_list();
  void next_sentence();

  /// Returns a new value for the fact that differs and that the split allows; empty if none is
  /// found.
  std::optional<std::string> new_value(const Fact& fact);
  bool taken(const Fact& fact) const;
  std::size_t fact_to_ask();
  /// Draws the next acting person, rarely the same twice. Otherwise a model that copies its context
  /// would write about one person only.
  std::size_t next_person();
  FieldValues two_people();

  static FieldValues fields_of(const Fact& fact);
  /// Fills one of `templates`, drawn at random.
  std::string fill(SentenceTemplates templates, const FieldValues& fields);
  std::size_t append(std::string_view sentence);
  void append_statement(std::size_t fact, SentenceTemplates templates);
  void note_statement(std::size_t fact, const TextSpan& value);
  void note_answer(std::size_t fact, const TextSpan& value);
  void mention(std::size_t fact, std::size_t end);

  TaleOptions options_;
  core::SplitMix64 random_;
  Tale tale_;
  std::vector<std::string> people_;  ///< people introduced so far
  std::vector<std::string> not_introduced_;
  std::vector<Fact> facts_;
  std::vector<std::size_t> askable_;  ///< facts that have question templates
  std::vector<std::size_t> list_;     ///< facts that are list entries
  std::vector<std::string> fillers_;  ///< filler sentences so far, without dialogue
  std::optional<std::size_t> last_asked_;
  std::optional<std::size_t> last_person_;
  std::string refrain_;
  std::size_t max_facts_;
  double filler_share_;
};

}  // namespace sketchscope::corpus
