#include "engine/checkpoint/state_dictionary.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

using Entries = std::vector<std::pair<PickleValue::Ref, PickleValue::Ref>>;

/// The keys under which training programs keep the weights, the likeliest first.
constexpr std::array<std::string_view, 10> kWeightKeys = {
    "state_dict", "model_state_dict", "model",  "module",  "model_state",
    "net",        "network",          "params", "weights", "generator"};
constexpr int kDeepest = 3;  // levels of dictionaries that are searched below the file's own

/// A dictionary or an object, its entries, and the keys that lead to it, as "checkpoint.model".
struct Place {
  const PickleValue* value = nullptr;
  Entries entries = {};
  std::string path = {};
  std::string key = {};
  int depth = 0;
};

/// Returns the class or function that a value names. The format before 1.6 wraps the class of a
/// module as ("module", class, file, source text).
const PickleValue::Global* named_by(const PickleValue* value) {
  const auto* const persistent = content_of<PickleValue::PersistentId>(value);
  const auto* const parts =
      persistent == nullptr ? nullptr : content_of<PickleValue::Sequence>(persistent->id);
  const bool wrapped = parts != nullptr && parts->items.size() > 1;
  return content_of<PickleValue::Global>(wrapped ? parts->items[1] : value);
}

std::string class_of(const PickleValue::Call& call) {
  const auto* function = named_by(call.function);
  const auto* const arguments = content_of<PickleValue::Sequence>(call.arguments);
  const bool reconstructed = function != nullptr && function->name.ends_with("._reconstructor");
  if (reconstructed && arguments != nullptr && !arguments->items.empty()) {
    function = named_by(arguments->items.front());
  }
  return function == nullptr ? "an unnamed class" : function->name;
}

/// Returns the entries of a dictionary or of an object derived from it, else none. Python 2 wrote
/// the entries of an OrderedDict as an argument: a list of pairs.
Entries entries_of(const PickleValue* value) {
  if (const auto* const dictionary = content_of<PickleValue::Dictionary>(value)) {
    return dictionary->entries;
  }
  const auto* const call = content_of<PickleValue::Call>(value);
  if (call == nullptr) return {};
  Entries entries = call->filled.entries;
  const auto* const arguments = content_of<PickleValue::Sequence>(call->arguments);
  if (!class_of(*call).ends_with("OrderedDict") || arguments == nullptr ||
      arguments->items.size() != 1) {
    return entries;
  }
  const auto* const pairs = content_of<PickleValue::Sequence>(arguments->items.front());
  for (const PickleValue* item :
       pairs == nullptr ? std::vector<PickleValue::Ref>{} : pairs->items) {
    const auto* const pair = content_of<PickleValue::Sequence>(item);
    if (pair != nullptr && pair->items.size() == 2) {
      entries.emplace_back(pair->items[0], pair->items[1]);
    }
  }
  return entries;
}

/// Returns the dictionaries and objects under a value, the nearest to the top first. Each is looked
/// at once, however often a damaged file refers to it.
std::vector<Place> places_under(const PickleValue* root) {
  std::set<const PickleValue*> seen = {root};
  std::vector<Place> places = {{.value = root, .entries = entries_of(root)}};
  for (std::size_t i = 0; i < places.size() && places[i].depth < kDeepest; ++i) {
    const Place above = places[i];
    for (const auto& [key, inner] : above.entries) {
      const auto* const name = content_of<std::string>(key);
      const bool holds_more = content_of<PickleValue::Dictionary>(inner) != nullptr ||
                              content_of<PickleValue::Call>(inner) != nullptr;
      if (name == nullptr || !holds_more || is_pickled_tensor(inner)) continue;
      if (!seen.insert(inner).second) continue;
      places.push_back({.value = inner,
                        .entries = entries_of(inner),
                        .path = (above.path.empty() ? "" : above.path + ".") + *name,
                        .key = *name,
                        .depth = above.depth + 1});
    }
  }
  return places;
}

bool holds_tensors(const Place& place) {
  return std::ranges::any_of(place.entries, [](const auto& entry) {
    return content_of<std::string>(entry.first) != nullptr && is_pickled_tensor(entry.second);
  });
}

/// The place of a key among those that hold weights; beyond all of them for another key.
std::size_t rank_of(const Place& place) {
  return static_cast<std::size_t>(std::ranges::find(kWeightKeys, place.key) - kWeightKeys.begin());
}

[[noreturn]] void refuse_choice(const std::vector<const Place*>& found, const std::string& source) {
  std::string paths;
  for (const Place* place : found) paths += (paths.empty() ? "" : ", ") + place->path;
  throw core::Error(
      {.what = source + " holds tensors under several keys",
       .found = paths,
       .expected = "the weights alone, or under one key such as state_dict or model",
       .remedy = "in Python, save the right one: torch.save(torch.load(FILE)[KEY], FILE)"});
}

/// Chooses the weights: what lies under a key of weights, nearest to the top, else the top itself,
/// else the only dictionary of tensors.
const Place& choose(const std::vector<const Place*>& found, const std::string& source) {
  const Place* best = nullptr;
  for (const Place* place : found) {
    if (rank_of(*place) == kWeightKeys.size()) continue;
    const auto order = [](const Place& at) { return std::pair(at.depth, rank_of(at)); };
    if (best == nullptr || order(*place) < order(*best)) best = place;
  }
  if (best != nullptr) return *best;
  if (found.size() > 1 && found.front()->depth > 0) refuse_choice(found, source);
  return *found.front();
}

/// Returns the object if it has the attributes of a torch.nn.Module.
const PickleValue::Call* module_at(const Place& place) {
  const auto* const call = content_of<PickleValue::Call>(place.value);
  if (call == nullptr || call->state == nullptr) return nullptr;
  const bool is_module = std::ranges::any_of(entries_of(call->state), [](const auto& entry) {
    const auto* const name = content_of<std::string>(entry.first);
    return name != nullptr && *name == "_modules";
  });
  return is_module ? call : nullptr;
}

std::string describe(const PickleValue* value) {
  if (const auto* const call = content_of<PickleValue::Call>(value)) {
    if (is_pickled_tensor(value)) return "one tensor without a name";
    const std::string name = class_of(*call);
    if (name.starts_with("__torch__.")) return "a TorchScript program, " + name;
    if (!name.ends_with("Dict")) return "an object of the class " + name;
  }
  if (content_of<PickleValue::Sequence>(value) != nullptr) return "a list";
  return "no tensors by name";
}

[[noreturn]] void refuse_object(const std::vector<Place>& places, const std::string& source) {
  for (const Place& place : places) {
    const auto* const module = module_at(place);
    if (module == nullptr) continue;
    throw core::Error(
        {.what = source + " holds a whole pickled model" +
                 (place.path.empty() ? "" : " under the key " + place.path) + ", which is code",
         .found = "an object of the class " + class_of(*module),
         .expected = "a state dictionary: tensors by name",
         .remedy = "in Python, with that class installed, save its weights: "
                   "torch.save(model.state_dict(), FILE), or model.save_pretrained(FOLDER)"});
  }
  throw core::Error({.what = source + " holds no weights",
                     .found = describe(places.front().value),
                     .expected = "a state dictionary: tensors by name",
                     .remedy = "in Python, save the weights of the model: "
                               "torch.save(model.state_dict(), FILE)"});
}

}  // namespace

std::map<std::string, CheckpointTensor> tensors_of(const Pickle& pickle, const Storages& storages,
                                                   const std::string& source) {
  const std::vector<Place> places = places_under(pickle.root);
  std::vector<const Place*> found;
  for (const Place& place : places) {
    if (holds_tensors(place)) found.push_back(&place);
  }
  if (found.empty()) refuse_object(places, source);
  std::map<std::string, CheckpointTensor> tensors;
  for (const auto& [key, value] : choose(found, source).entries) {
    const auto* const name = content_of<std::string>(key);
    if (name != nullptr && is_pickled_tensor(value)) {
      tensors[*name] = read_pickled_tensor(*name, value, storages, source);
    }
  }
  return tensors;
}

}  // namespace sketchscope::checkpoint
