#include "engine/record/step_record.hpp"

#include "engine/core/error.hpp"
#include "engine/record/row_json.hpp"

namespace sketchscope {

std::string_view reason_text(EvictionReason reason) {
  switch (reason) {
    case EvictionReason::capacity:
      return "capacity";
    case EvictionReason::capacity_lowered:
      return "capacity lowered";
    case EvictionReason::prompt_cut:
      return "prompt cut";
    case EvictionReason::policy_changed:
      return "policy changed";
    case EvictionReason::budget_moved:
      return "budget moved";
  }
  return "unknown";
}

EvictionReason parse_reason(std::string_view text) {
  std::string known;
  for (auto reason = EvictionReason::capacity; reason <= EvictionReason::budget_moved;
       reason = static_cast<EvictionReason>(static_cast<int>(reason) + 1)) {
    if (reason_text(reason) == text) return reason;
    known += (known.empty() ? "" : ", ") + std::string(reason_text(reason));
  }
  throw Error({.what = "reason of an eviction",
               .found = "'" + std::string(text) + "'",
               .expected = "one of " + known,
               .remedy = "Write the file again with this version"});
}

namespace {

using Json = nlohmann::json;

// Empty notes and lists of changes are left out, since most records have none.
template <typename Item>
Json item_json(const Item& item) {
  Json json = row_to_json(item);
  if constexpr (std::same_as<Item, KnobChange>) {
    if (item.note.empty()) json.erase("note");
  }
  return json;
}

template <typename Item>
Item item_from(Json json) {
  if constexpr (std::same_as<Item, KnobChange>) json.emplace("note", "");
  return row_from_json<Item>(json);
}

Json list_json(const std::vector<int>& tokens) {
  return tokens;
}

template <typename Item>
Json list_json(const std::vector<Item>& items) {
  Json array = Json::array();
  for (const Item& item : items) array.push_back(item_json(item));
  return array;
}

void get_list(const Json& json, std::vector<int>& tokens) {
  json.get_to(tokens);
}

template <typename Item>
void get_list(const Json& json, std::vector<Item>& items) {
  for (const Json& item : json) items.push_back(item_from<Item>(item));
}

StepRecord record_from(const Json& json) {
  auto record = row_from_json<StepRecord>(json);
  for_each_section(kRecordLists, [&](const auto& list) {
    get_list(json.at(std::string(list.name)), record.*list.member);
  });
  for_each_section(kRecordParts, [&](const auto& part) {
    auto& row = record.*part.member;
    row = row_from_json<std::remove_reference_t<decltype(row)>>(json.at(std::string(part.name)));
  });
  return record;
}

}  // namespace

Json step_record_to_json(const StepRecord& record) {
  Json json = row_to_json(record);
  for_each_section(kRecordLists, [&](const auto& list) {
    json[std::string(list.name)] = list_json(record.*list.member);
  });
  for_each_section(kRecordParts, [&](const auto& part) {
    json[std::string(part.name)] = row_to_json(record.*part.member);
  });
  return json;
}

StepRecord step_record_from_json(const Json& json) {
  try {
    return record_from(json);
  } catch (const Json::exception& error) {
    throw Error({.what = "step record",
                 .found = error.what(),
                 .expected = "a line of a file that `generate --record` wrote",
                 .remedy = "Write the file again with this version"});
  }
}

}  // namespace sketchscope
