#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sketchscope::checkpoint {

/// A pickled value. No code is ever run: a function call is kept as a description of the call.
struct PickleValue {
  using Ref = PickleValue*;
  struct None {};
  struct LongInteger {};  // an integer beyond 64 bits, whose value no tensor needs
  struct Global {
    std::string name;  // "module.name"
  };
  struct Sequence {
    std::vector<Ref> items;  // of a tuple, list or set
  };
  struct Dictionary {
    std::vector<std::pair<Ref, Ref>> entries;
  };
  struct Call {
    Ref function = nullptr;
    Ref arguments = nullptr;
    Dictionary filled = {};  // entries set on the result: an OrderedDict is made empty, then filled
    Ref state = nullptr;     // attributes set on the result, or null
  };
  struct PersistentId {
    Ref id = nullptr;
  };
  // A text also holds what Python calls bytes.
  std::variant<None, bool, std::int64_t, LongInteger, double, std::string, Global, Sequence,
               Dictionary, Call, PersistentId>
      content;
};

/// Returns the content of a value if it is of this kind, else null.
template <typename Content>
const Content* content_of(const PickleValue* value) {
  return std::get_if<Content>(&value->content);
}

/// An unpickled value with all its parts, and the number of bytes that it took.
struct Pickle {
  std::deque<PickleValue> values;  // owns them; addresses are stable
  const PickleValue* root = nullptr;
  std::size_t length = 0;
};

/// Reads one value of Python's pickle protocols 1 to 5, whatever lies beside the tensors. `source`
/// is for messages. Throws Error on damaged input and on operations that such files never contain.
/// Format: https://github.com/python/cpython/blob/3.11/Lib/pickletools.py
Pickle unpickle(std::span<const std::byte> bytes, const std::string& source);

}  // namespace sketchscope::checkpoint
