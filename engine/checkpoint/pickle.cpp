#include "engine/checkpoint/pickle.hpp"

#include <bit>
#include <unordered_map>

#include "engine/checkpoint/byte_cursor.hpp"

namespace sketchscope {
namespace {

using Ref = PickleValue::Ref;

/// The pickle opcodes, named as in Python's pickletools.
enum class Op : std::uint8_t {
  mark = '(',
  stop = '.',
  none = 'N',
  binint = 'J',
  binint1 = 'K',
  binint2 = 'M',
  binfloat = 'G',
  short_binstring = 'U',
  binunicode = 'X',
  empty_tuple = ')',
  tuple = 't',
  empty_list = ']',
  append = 'a',
  appends = 'e',
  empty_dict = '}',
  setitem = 's',
  setitems = 'u',
  global = 'c',
  binput = 'q',
  long_binput = 'r',
  binget = 'h',
  long_binget = 'j',
  binpersid = 'Q',
  reduce = 'R',
  build = 'b',
  proto = 0x80,
  tuple1 = 0x85,
  tuple2 = 0x86,
  tuple3 = 0x87,
  newtrue = 0x88,
  newfalse = 0x89,
  long1 = 0x8A,
  short_binunicode = 0x8C,
  stack_global = 0x93,
  memoize = 0x94,
  frame = 0x95,
};

class Unpickler {
 public:
  Unpickler(std::span<const std::byte> bytes, const std::string& source) : cursor_(bytes, source) {}

  Pickle read() && {
    while (true) {
      const auto op = static_cast<Op>(cursor_.number<std::uint8_t>());
      if (op == Op::stop) {
        break;
      }
      if (!run_scalar(op) && !run_container(op) && !run_reference(op)) {
        cursor_.refuse("operation " + std::to_string(static_cast<int>(op)),
                       "what a file of tensors contains");
      }
    }
    pickle_.root = pop();
    pickle_.length = cursor_.position();
    return std::move(pickle_);
  }

 private:
  bool run_scalar(Op op) {
    switch (op) {
      case Op::proto:
        cursor_.take(1);
        return true;
      case Op::frame:
        cursor_.take(8);
        return true;
      case Op::none:
        return push(PickleValue::None{});
      case Op::newtrue:
        return push(true);
      case Op::newfalse:
        return push(false);
      case Op::binint:
        return push(std::int64_t{cursor_.number<std::int32_t>()});
      case Op::binint1:
        return push(std::int64_t{cursor_.number<std::uint8_t>()});
      case Op::binint2:
        return push(std::int64_t{cursor_.number<std::uint16_t>()});
      case Op::long1:
        return push(read_long());
      case Op::binfloat:
        return push(std::bit_cast<double>(__builtin_bswap64(cursor_.number<std::uint64_t>())));
      case Op::binunicode:
        return push(cursor_.text(cursor_.number<std::uint32_t>()));
      case Op::short_binunicode:
      case Op::short_binstring:
        return push(cursor_.text(cursor_.number<std::uint8_t>()));
      default:
        return false;
    }
  }

  bool run_container(Op op) {
    switch (op) {
      case Op::mark:
        marks_.push_back(stack_.size());
        return true;
      case Op::empty_tuple:
      case Op::empty_list:
        return push(PickleValue::Sequence{});
      case Op::tuple:
        return push(PickleValue::Sequence{pop_to_mark()});
      case Op::tuple1:
        return push(PickleValue::Sequence{pop_last(1)});
      case Op::tuple2:
        return push(PickleValue::Sequence{pop_last(2)});
      case Op::tuple3:
        return push(PickleValue::Sequence{pop_last(3)});
      case Op::append:
        return append(pop_last(1));
      case Op::appends:
        return append(pop_to_mark());
      case Op::empty_dict:
        return push(PickleValue::Dictionary{});
      case Op::setitem:
        return set_items(pop_last(2));
      case Op::setitems:
        return set_items(pop_to_mark());
      default:
        return false;
    }
  }

  bool run_reference(Op op) {
    switch (op) {
      case Op::global: {
        const std::string module = read_line();
        return push(PickleValue::Global{module + "." + read_line()});
      }
      case Op::stack_global: {
        const std::vector<Ref> names = pop_last(2);
        return push(PickleValue::Global{text_of(names[0]) + "." + text_of(names[1])});
      }
      case Op::reduce: {
        const std::vector<Ref> call = pop_last(2);
        return push(PickleValue::Call{.function = call[0], .arguments = call[1]});
      }
      case Op::build:  // attributes of the object below: the version notes of a state dictionary
        pop();
        return true;
      case Op::binpersid:
        return push(PickleValue::PersistentId{pop()});
      case Op::binput:
        return remember(cursor_.number<std::uint8_t>());
      case Op::long_binput:
        return remember(cursor_.number<std::uint32_t>());
      case Op::memoize:
        return remember(static_cast<std::uint32_t>(memo_.size()));
      case Op::binget:
        return recall(cursor_.number<std::uint8_t>());
      case Op::long_binget:
        return recall(cursor_.number<std::uint32_t>());
      default:
        return false;
    }
  }

  template <typename Content>
  bool push(Content content) {
    pickle_.values.push_back({.content = std::move(content)});
    stack_.push_back(&pickle_.values.back());
    return true;
  }

  Ref top() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
      cursor_.refuse("an operation without its operand", "a value before it");
    }
    return stack_.back();
  }

  Ref pop() {
    const Ref value = top();
    stack_.pop_back();
    return value;
  }

  std::vector<Ref> pop_last(std::size_t count) {
    std::vector<Ref> values(count);
    for (auto slot = values.rbegin(); slot != values.rend(); ++slot) {
      *slot = pop();
    }
    return values;
  }

  std::vector<Ref> pop_to_mark() {
    if (marks_.empty()) {
      cursor_.refuse("an operation without its mark", "a mark before it");
    }
    std::vector<Ref> values = pop_last(stack_.size() - marks_.back());
    marks_.pop_back();
    return values;
  }

  bool append(const std::vector<Ref>& values) {
    auto* const list = std::get_if<PickleValue::Sequence>(&top()->content);
    if (list == nullptr) {
      cursor_.refuse("an item for something else", "a list");
    }
    list->items.insert(list->items.end(), values.begin(), values.end());
    return true;
  }

  bool set_items(const std::vector<Ref>& flat) {
    const Ref target = top();
    auto* dictionary = std::get_if<PickleValue::Dictionary>(&target->content);
    if (auto* const call = std::get_if<PickleValue::Call>(&target->content)) {
      dictionary = &call->filled;
    }
    if (dictionary == nullptr || flat.size() % 2 != 0) {
      cursor_.refuse("an entry for something else", "a dictionary with keys and values");
    }
    for (std::size_t i = 0; i < flat.size(); i += 2) {
      dictionary->entries.emplace_back(flat[i], flat[i + 1]);
    }
    return true;
  }

  bool remember(std::uint32_t key) {
    memo_[key] = top();
    return true;
  }

  bool recall(std::uint32_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) {
      cursor_.refuse("a reference to value " + std::to_string(key), "one that was kept before");
    }
    stack_.push_back(found->second);
    return true;
  }

  /// Reads a two's complement number, little endian, that is preceded by its length in bytes.
  std::int64_t read_long() {
    const auto bytes = cursor_.take(cursor_.number<std::uint8_t>());
    if (bytes.size() > sizeof(std::int64_t)) {
      cursor_.refuse("an integer of " + std::to_string(bytes.size()) + " bytes", "at most 8");
    }
    const bool negative = !bytes.empty() && (bytes.back() & std::byte{0x80}) != std::byte{0};
    std::int64_t value = negative ? -1 : 0;
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }

  std::string read_line() {
    constexpr std::size_t kLongest = 1000;
    std::string line;
    for (char next = cursor_.number<char>(); next != '\n'; next = cursor_.number<char>()) {
      line.push_back(next);
      if (line.size() > kLongest) {
        cursor_.refuse("a name without end", "a line");
      }
    }
    return line;
  }

  std::string text_of(Ref value) const {
    const auto* const text = std::get_if<std::string>(&value->content);
    if (text == nullptr) {
      cursor_.refuse("a name that is no text", "a text");
    }
    return *text;
  }

  ByteCursor cursor_;
  Pickle pickle_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;  // sizes of the stack where marks were set
  std::unordered_map<std::uint32_t, Ref> memo_;
};

}  // namespace

Pickle unpickle(std::span<const std::byte> bytes, const std::string& source) {
  return Unpickler(bytes, source).read();
}

}  // namespace sketchscope
