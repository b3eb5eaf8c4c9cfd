#include "engine/study/tcp_key_store.hpp"

#include <gmock/gmock.h>

#include <array>
#include <random>
#include <thread>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/study/tcp_socket.hpp"

namespace sketchscope::study {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::ThrowsMessage;

TEST(TcpKeyStore, AnswersAsAStoreInMemoryDoes) {
  const TcpKeyStore served = serve_key_store(0);
  const TcpKeyStore joined = join_key_store("localhost", served.port);
  MemoryKeyStore expected;
  std::mt19937_64 random(7);
  const auto below = [&random](std::uint64_t limit) { return random() % limit; };
  for (int call = 0; call < 2000; ++call) {
    const std::string key = "key " + std::to_string(below(12));
    // Whichever process calls, all see the same values.
    KeyStore& store = below(2) == 0 ? *served.store : *joined.store;
    switch (below(4)) {
      case 0: {
        std::string value(below(70'000), '\0');
        for (char& byte : value) byte = static_cast<char>(random());
        store.set(key, value);
        expected.set(key, value);
        break;
      }
      case 1:
        EXPECT_EQ(store.get(key), expected.get(key));
        break;
      case 2: {
        const auto amount = static_cast<std::int64_t>(random());
        const std::int64_t half = amount / 4096;
        EXPECT_EQ(store.add(key, half), expected.add(key, half));
        break;
      }
      default:
        store.remove(key);
        expected.remove(key);
    }
  }
}

TEST(TcpKeyStore, CountsWhatManyProcessesAddAtOnce) {
  constexpr int kGuests = 8;
  constexpr int kCalls = 200;
  const TcpKeyStore served = serve_key_store(0);
  {
    std::vector<std::jthread> guests;
    for (int guest = 0; guest < kGuests; ++guest) {
      guests.emplace_back([port = served.port] {
        const TcpKeyStore joined = join_key_store("localhost", port);
        for (int call = 0; call < kCalls; ++call) joined.store->add("calls", 1);
      });
    }
  }
  EXPECT_EQ(served.store->add("calls", 0), kGuests * kCalls);
}

TEST(TcpKeyStore, WaitsForAServerThatStartsLater) {
  std::uint16_t port = 0;
  { port = listen_on(0, TcpReach::this_machine).port(); }
  TcpKeyStore served;
  std::jthread late([&served, port] {
    std::this_thread::sleep_for(250ms);
    served = serve_key_store(port);
    served.store->set("started", "late");
  });
  const TcpKeyStore joined = join_key_store("127.0.0.1", port, 10s);
  late.join();
  EXPECT_THAT(joined.store->get("started"), Optional(std::string("late")));
}

TEST(TcpKeyStore, NamesTheAddressOfAServerThatHasGone) {
  TcpKeyStore served = serve_key_store(0);
  const TcpKeyStore joined = join_key_store("localhost", served.port);
  served.store.reset();
  const std::string address = "localhost:" + std::to_string(served.port);
  EXPECT_THAT([&] { joined.store->add("calls", 1); },
              ThrowsMessage<core::Error>(HasSubstr(address)));
  EXPECT_THAT([&] { join_key_store("localhost", served.port, 0ms); },
              ThrowsMessage<core::Error>(HasSubstr(address)));
}

TEST(TcpKeyStore, RefusesAPortThatIsTaken) {
  const TcpSocket taken = listen_on(0, TcpReach::every_machine);
  const std::uint16_t port = taken.port();
  EXPECT_THAT([&] { serve_key_store(port); },
              ThrowsMessage<core::Error>(HasSubstr(std::to_string(port))));
}

TEST(TcpKeyStore, TakesNothingFromThoseWhoDoNotSpeakItsWords) {
  const TcpKeyStore served = serve_key_store(0);
  const TcpSocket stranger = connect_to("localhost", served.port, 1s);
  const std::string_view request = "GET / HTTP/1.1\r\n\r\n";
  stranger.send(request);
  std::array<char, 8> greeting{};
  stranger.receive(greeting);
  std::array<char, 1> more{};
  EXPECT_THROW(stranger.receive(more), std::system_error);
  served.store->set("still", "here");
  EXPECT_THAT(join_key_store("localhost", served.port).store->get("still"),
              Optional(std::string("here")));
}

TEST(TcpKeyStore, LeavesAGuestWhoAsksForMoreThanAStudyHolds) {
  const TcpKeyStore served = serve_key_store(0);
  const TcpKeyStore joined = join_key_store("localhost", served.port);
  EXPECT_THROW(joined.store->get(std::string(5000, 'k')), core::Error);
  EXPECT_EQ(served.store->add("calls", 1), 1);
}

}  // namespace
}  // namespace sketchscope::study
