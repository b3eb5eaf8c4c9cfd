#include "engine/checkpoint/state_dictionary.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

using Entries = std::vector<std::pair<PickleValue::Ref, PickleValue::Ref>>;

/// The keys under which training programs keep the weights, the likeliest first.
constexpr std::array<std::string_view, 10> kWeightKeys = {
    "state_dict", "model_state_dict", "model",  "module",  "model_state",
    "net",        "network",          "params", "weights", "generator"};
constexpr int kDeepest = 3;  // levels of dictionaries that are searched below the file's own

/// A dictionary with tensors by name, and the keys that lead to it, as "checkpoint.model".
struct FoundTensors {
  Entries entries = {};
  std::string path = {};
  std::string key = {};
  int depth = 0;
};

std::string class_of(const PickleValue::Call& call) {
  const auto* function = content_of<PickleValue::Global>(call.function);
  const auto* const arguments = content_of<PickleValue::Sequence>(call.arguments);
  const bool reconstructed = function != nullptr && function->name.ends_with("._reconstructor");
  if (reconstructed && arguments != nullptr && !arguments->items.empty()) {
    function = content_of<PickleValue::Global>(arguments->items.front());
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

/// Finds the dictionaries with tensors by name, the nearest to the top first. Each dictionary is
/// looked at once, however often a damaged file refers to it.
std::vector<FoundTensors> find_tensors(const PickleValue* root) {
  std::vector<FoundTensors> found;
  std::set<const PickleValue*> seen = {root};
  std::deque<std::pair<const PickleValue*, FoundTensors>> waiting;
  for (waiting.emplace_back(root, FoundTensors{}); !waiting.empty(); waiting.pop_front()) {
    auto& [value, place] = waiting.front();
    place.entries = entries_of(value);
    bool holds_tensors = false;
    for (const auto& [key, inner] : place.entries) {
      const auto* const name = content_of<std::string>(key);
      if (name == nullptr) continue;
      if (is_pickled_tensor(inner)) {
        holds_tensors = true;
      } else if (place.depth < kDeepest && seen.insert(inner).second) {
        waiting.emplace_back(
            inner, FoundTensors{.path = (place.depth == 0 ? "" : place.path + ".") + *name,
                                .key = *name,
                                .depth = place.depth + 1});
      }
    }
    if (holds_tensors) found.push_back(std::move(place));
  }
  return found;
}

/// The place of a key among those that hold weights; beyond all of them for another key.
std::size_t rank_of(const FoundTensors& place) {
  return static_cast<std::size_t>(std::ranges::find(kWeightKeys, place.key) - kWeightKeys.begin());
}

[[noreturn]] void refuse_choice(const std::vector<FoundTensors>& found, const std::string& source) {
  std::string paths;
  for (const FoundTensors& place : found) paths += (paths.empty() ? "" : ", ") + place.path;
  throw Error({.what = source + " holds tensors under several keys",
               .found = paths,
               .expected = "the weights alone, or under one key such as state_dict or model",
               .remedy = "in Python, save the right one: torch.save(torch.load(FILE)[KEY], FILE)"});
}

/// Chooses the weights: what lies under a key of weights, nearest to the top, else the top itself,
/// else the only dictionary of tensors.
const FoundTensors& choose(const std::vector<FoundTensors>& found, const std::string& source) {
  const FoundTensors* best = nullptr;
  for (const FoundTensors& place : found) {
    if (rank_of(place) == kWeightKeys.size()) continue;
    const auto order = [](const FoundTensors& at) { return std::pair(at.depth, rank_of(at)); };
    if (best == nullptr || order(place) < order(*best)) best = &place;
  }
  if (best != nullptr) return *best;
  if (found.size() > 1 && found.front().depth > 0) refuse_choice(found, source);
  return found.front();
}

/// Whether an object has the attributes of a torch.nn.Module.
bool is_module(const PickleValue::Call& call) {
  if (call.state == nullptr) return false;
  return std::ranges::any_of(entries_of(call.state), [](const auto& entry) {
    const auto* const name = content_of<std::string>(entry.first);
    return name != nullptr && *name == "_modules";
  });
}

/// Finds an object that is a whole model, at `value` or one level below it.
const PickleValue::Call* find_module(const PickleValue* value, std::string& place) {
  const auto* const call = content_of<PickleValue::Call>(value);
  if (call != nullptr && is_module(*call)) return call;
  for (const auto& [key, inner] : entries_of(value)) {
    const auto* const name = content_of<std::string>(key);
    const auto* const object = content_of<PickleValue::Call>(inner);
    if (name != nullptr && object != nullptr && is_module(*object)) {
      place = " under the key " + *name;
      return object;
    }
  }
  return nullptr;
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

[[noreturn]] void refuse_object(const PickleValue* root, const std::string& source) {
  std::string place;
  if (const auto* const module = find_module(root, place)) {
    throw Error({.what = source + " holds a whole pickled model" + place + ", which is code",
                 .found = "an object of the class " + class_of(*module),
                 .expected = "a state dictionary: tensors by name",
                 .remedy =
                     "in Python, with that class installed, save its weights: "
                     "torch.save(model.state_dict(), FILE), or model.save_pretrained(FOLDER)"});
  }
  throw Error({.what = source + " holds no weights",
               .found = describe(root),
               .expected = "a state dictionary: tensors by name",
               .remedy = "in Python, save the weights of the model: "
                         "torch.save(model.state_dict(), FILE)"});
}

}  // namespace

std::map<std::string, CheckpointTensor> tensors_of(const Pickle& pickle, const Storages& storages,
                                                   const std::string& source) {
  const std::vector<FoundTensors> found = find_tensors(pickle.root);
  if (found.empty()) refuse_object(pickle.root, source);
  std::map<std::string, CheckpointTensor> tensors;
  for (const auto& [key, value] : choose(found, source).entries) {
    const auto* const name = content_of<std::string>(key);
    if (name != nullptr && is_pickled_tensor(value)) {
      tensors[*name] = read_pickled_tensor(*name, value, storages, source);
    }
  }
  return tensors;
}

}  // namespace sketchscope
