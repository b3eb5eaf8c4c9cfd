#include "engine/record/step_record.hpp"

#include "engine/record/row_json.hpp"

namespace sketchscope::record {

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

namespace {

using Json = nlohmann::json;

// An empty note is left out, since most changes have none.
template <typename Item>
Json item_json(const Item& item) {
  Json json = row_to_json(item);
  if constexpr (std::same_as<Item, KnobChange>) {
    if (item.note.empty()) json.erase("note");
  }
  return json;
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

}  // namespace sketchscope::record
