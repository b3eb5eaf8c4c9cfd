#include "engine/corpus/tale_writer.hpp"

#include <algorithm>

#include "engine/corpus/sentence_templates.hpp"

namespace sketchscope::corpus {
namespace {

/// The seed includes the split, so that no tale of one split occurs in another.
std::uint64_t tale_seed(const TaleOptions& options) {
  core::SplitMix64 random(options.seed * 3 + static_cast<std::uint64_t>(options.split));
  return random.next();
}

/// Facts about a thing are identified by the thing, since anyone can change them; other facts are
/// identified by their person.
bool keyed_by_thing(const FactTemplates& templates) {
  return templates.kind == "place" || templates.kind == "colour" || templates.kind == "date";
}

template <typename Value>
void shuffle(std::vector<Value>& values, core::SplitMix64& random) {
  for (auto left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[random.below(left)]);
  }
}

std::string random_name(core::SplitMix64& random) {
  return std::string(pick(word_table(random.below(2) == 0 ? "woman" : "man"), random));
}

}  // namespace

TaleWriter::TaleWriter(const TaleOptions& options)
    : options_(options), random_(tale_seed(options)) {
  const auto count = 2 + random_.below(2 + std::min<std::size_t>(options.characters / 700, 4));
  while (people_.size() < count) {
    auto name = random_name(random_);
    if (std::ranges::find(people_, name) == people_.end()) people_.push_back(std::move(name));
  }
  not_introduced_.assign(people_.begin() + 2, people_.end());
  people_.resize(2);
  max_facts_ = 2 + random_.below(2 + options.characters / 200);
  filler_share_ = options.characters < 700 ? 0.3 * random_.uniform() : 0.75 * random_.uniform();
}

Tale TaleWriter::write() {
  append(fill(story_templates().openings, two_people()));
  while (askable_.size() < 2) state_new_fact();
  while (tale_.text.size() < options_.characters) next_sentence();
  append(fill(story_templates().endings, two_people()));
  return std::move(tale_);
}

void TaleWriter::next_sentence() {
  if (!not_introduced_.empty() && random_.uniform() < 0.1) return introduce_person();
  if (random_.uniform() < filler_share_) return write_filler();
  const auto draw = random_.uniform();
  if (draw < 0.28 && askable_.size() < max_facts_) return state_new_fact();
  if (draw < 0.40) return change_a_fact();
  if (draw < 0.46) return read_list();
  if (draw < 0.51) return sing_refrain();
  if (draw < 0.56) return quote_earlier_sentence();
  if (draw < 0.62) return write_filler();
  ask();
}

void TaleWriter::introduce_person() {
  const auto host = people_[next_person()];
  last_person_ = people_.size();
  people_.push_back(std::move(not_introduced_.back()));
  not_introduced_.pop_back();
  append(fill(story_templates().arrivals, {{"P", people_.back()}, {"Q", host}}));
}

bool TaleWriter::taken(const Fact& fact) const {
  return std::ranges::any_of(facts_, [&](const Fact& other) {
    if (other.templates != fact.templates) return false;
    if (keyed_by_thing(*fact.templates)) return other.thing == fact.thing;
    return other.person == fact.person || (!fact.thing.empty() && other.thing == fact.thing);
  });
}

std::optional<std::string> TaleWriter::new_value(const Fact& fact) {
  // The number of tries is bounded because a split may allow no place for a person and a thing.
  constexpr int kTries = 200;
  for (int tries = 0; tries < kTries; ++tries) {
    auto value = fill_template(fact.templates->values, {}, random_).text;
    // Sentences begin with a capital, but only names and sayings keep it as values.
    const bool name = fact.templates->kind == "town" || fact.templates->kind == "pet" ||
                      fact.templates->kind == "saying";
    if (!name) value.front() = static_cast<char>(value.front() | 0x20);
    const bool allowed = fact.templates->kind != "place" ||
                         split_of_combination(fact.person, fact.thing, value) == options_.split;
    if (allowed && value != fact.value) return value;
  }
  return std::nullopt;
}

void TaleWriter::state_new_fact() {
  Fact fact;
  int tries = 0;
  do {
    if (++tries > 20) return write_filler();
    // Every third fact is a hiding place, the kind by which the splits differ.
    fact.templates =
        random_.below(3) == 0 ? &fact_templates()[0] : &pick(fact_templates(), random_);
    fact.person = people_[next_person()];
    fact.thing =
        fact.templates->things.empty() ? "" : pick(word_table(fact.templates->things), random_);
  } while (taken(fact));
  auto value = new_value(fact);
  if (!value) return write_filler();
  fact.value = std::move(*value);
  askable_.push_back(facts_.size());
  facts_.push_back(fact);
  append_statement(facts_.size() - 1, fact.templates->statements);
}

void TaleWriter::change_a_fact() {
  const auto at = pick(askable_, random_);
  Fact fact = facts_[at];
  const bool just_changed = fact.changed && fact.mentions == 1;
  if (fact.templates->changes.empty() || just_changed) return ask();
  if (keyed_by_thing(*fact.templates)) fact.person = people_[next_person()];
  auto value = new_value(fact);
  if (!value) return ask();
  fact.value = std::move(*value);
  fact.changed = true;
  fact.mentions = 0;
  facts_[at] = fact;
  append_statement(at, fact.templates->changes);
}

std::size_t TaleWriter::fact_to_ask() {
  // A third of the questions ask for the fact that was stated longest ago. The last question is
  // never repeated.
  if (random_.below(3) != 0) {
    std::size_t at = 0;
    do at = pick(askable_, random_);
    while (at == last_asked_);
    return at;
  }
  return *std::ranges::min_element(askable_, {},
                                   [&](std::size_t at) { return facts_[at].mentioned; });
}

void TaleWriter::ask() {
  const auto at = fact_to_ask();
  last_asked_ = at;
  const Fact& fact = facts_[at];
  const FieldValues fields = fields_of(fact);
  const auto wording = random_.below(fact.templates->questions.size());
  const auto question = fill_template(fact.templates->questions[wording], fields, random_);
  const auto answer = fill_template(fact.templates->answers[wording], fields, random_);
  auto around = two_people();
  around["R"] = around["P"];
  around["question"] = question.text;
  around["answer"] = answer.text;
  const auto sentence = fill(story_templates().dialogues, around);
  const auto begin = append(sentence);
  const auto value_at = begin + sentence.rfind(answer.text) + answer.value.begin;
  note_answer(at, {value_at, value_at + fact.value.size()});
  tale_.answers.back().question = {begin, value_at};
}

void TaleWriter::write_filler() {
  auto sentence = fill(story_templates().fillers, two_people());
  append(sentence);
  if (sentence.find('"') == std::string::npos) fillers_.push_back(std::move(sentence));
}

void TaleWriter::sing_refrain() {
  if (refrain_.empty()) {
    refrain_ = fill(story_templates().refrains, {});
    refrain_ += " " + fill(story_templates().refrains, {});
  }
  auto singing = two_people();
  singing["refrain"] = refrain_;
  append(fill(story_templates().singing, singing));
}

void TaleWriter::quote_earlier_sentence() {
  // Only filler is quoted, since a repeated fact would count as its latest statement.
  if (fillers_.empty()) return write_filler();
  auto quoting = two_people();
  quoting["sentence"] = pick(fillers_, random_);
  append(fill(story_templates().quotations, quoting));
}

void TaleWriter::read_list() {
  constexpr std::string_view kListTables[] = {"town", "food", "object", "pet", "secret"};
  const bool first = list_.empty();
  if (first) {
    const auto table = word_table(pick(kListTables, random_));
    const auto entries = 3 + random_.below(2 + std::min<std::size_t>(options_.characters / 400, 5));
    for (std::size_t entry = 0; entry < entries; ++entry) {
      Fact fact{.person = random_name(random_), .value = std::string(pick(table, random_))};
      const auto known = [&](std::size_t other) { return facts_[other].person == fact.person; };
      if (std::ranges::any_of(list_, known)) continue;
      list_.push_back(facts_.size());
      facts_.push_back(std::move(fact));
    }
  } else {
    shuffle(list_, random_);
  }
  const auto heading =
      pick(first ? story_templates().lists : story_templates().lists_again, random_);
  auto text = fill_template(heading, two_people(), random_).text;
  std::vector<TextSpan> values;
  for (const auto at : list_) {
    text += " " + facts_[at].person + ": " + facts_[at].value;
    values.push_back({text.size() - facts_[at].value.size(), text.size()});
    text += at == list_.back() ? '.' : ',';
  }
  const auto begin = append(text);
  for (std::size_t entry = 0; entry < list_.size(); ++entry) {
    const TextSpan value{begin + values[entry].begin, begin + values[entry].end};
    first ? note_statement(list_[entry], value) : note_answer(list_[entry], value);
  }
}

FieldValues TaleWriter::fields_of(const Fact& fact) {
  return {{"P", fact.person}, {"O", fact.thing}, {"value", fact.value}};
}

std::size_t TaleWriter::next_person() {
  auto next = random_.below(people_.size());
  if (next == last_person_) next = random_.below(people_.size());
  last_person_ = next;
  return next;
}

FieldValues TaleWriter::two_people() {
  const auto first = next_person();
  const auto other = (first + 1 + random_.below(people_.size() - 1)) % people_.size();
  return {{"P", people_[first]}, {"Q", people_[other]}};
}

std::string TaleWriter::fill(SentenceTemplates templates, const FieldValues& fields) {
  return fill_template(pick(templates, random_), fields, random_).text;
}

std::size_t TaleWriter::append(std::string_view sentence) {
  if (!tale_.text.empty()) tale_.text += random_.below(9) == 0 ? '\n' : ' ';
  const auto begin = tale_.text.size();
  tale_.text += sentence;
  return begin;
}

void TaleWriter::mention(std::size_t fact, std::size_t end) {
  facts_[fact].mentioned = end;
  ++facts_[fact].mentions;
}

void TaleWriter::append_statement(std::size_t fact, SentenceTemplates templates) {
  const auto filled = fill_template(pick(templates, random_), fields_of(facts_[fact]), random_);
  const auto begin = append(filled.text);
  note_statement(fact, {begin + filled.value.begin, begin + filled.value.end});
}

void TaleWriter::note_statement(std::size_t fact, const TextSpan& value) {
  tale_.statements.push_back({fact, value});
  mention(fact, value.end);
}

void TaleWriter::note_answer(std::size_t fact, const TextSpan& value) {
  const auto& known = facts_[fact];
  tale_.answers.push_back({fact, value, {}, known.mentioned, known.mentions, known.changed});
  mention(fact, value.end);
}

}  // namespace sketchscope::corpus
