#include "engine/text/chat_template.hpp"
#include "engine/text/utf8.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_chat(std::string_view input) {
  bool written = false;
  for (const char* system : {"", "Be brief."}) {
    const auto text = accepted([&] {
      return text::apply_chat_template(input, {.start = "<s>", .end = "</s>"}, system,
                                       "Où est la lanterne?");
    });
    if (!text) continue;
    written = true;
    const bool valid = text::utf8_run_length(input, true) == input.size();
    require(!valid || text::utf8_run_length(*text, true) == text->size(), "a character is split");
  }
  return written;
}

std::vector<std::string> chat_seeds() {
  return {
      "{% for m in messages %}{% if loop.first and m['role'] != 'system' %}{{ "
      "'<|im_start|>system\\nYou are ours.<|im_end|>\\n' }}{% endif %}{{ '<|im_start|>' + "
      "m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}{% endfor %}",
      "{{ bos_token }}{%- set ns = namespace(n=0) %}{% for m in messages[::-1] %}{% set ns.n = "
      "ns.n "
      "+ (m.content | trim | length) %}{% if ns.n is defined and m.role in ['user', \"system\"] "
      "-%}{{ m.content.split('a')[-1].strip() ~ ns.n }}{%- else %}{{ raise_exception('no') }}{% "
      "endif %}{% endfor %}{# a comment #}\n",
      "{% macro m(a, b=1) %}{{ a }}{% endmacro %}{% set x %}{{ eos_token }}{% endset %}{{ x * 2 if "
      "false else x }}{% for i in range(3) if i % 2 == 0 %}{% break %}{% endfor %}{{ {'a': [1, "
      "-2]}['a'][0] }}",
      "{% for m in messages %}{{ '<|user|>\\n' + m['content'] + eos_token }}{% endfor %}{{ "
      "'<|assistant|>' }}"};
}

}  // namespace

Target chat_target() {
  return {"chat", "a chat template in Jinja", run_chat, chat_seeds};
}

}  // namespace sketchscope::fuzz
