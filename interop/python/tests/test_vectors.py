"""Frames as the vectors have them: python3 -m unittest discover tests"""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from groupcomm import frames, msgpack  # noqa: E402

VECTORS = pathlib.Path(__file__).parents[2] / "vectors"
GATEWAY = json.loads((VECTORS / "gateway" / "index.json").read_text())


def plain(value):
    """A field of the index as the codec has it."""
    return bytes.fromhex(value[4:]) if isinstance(value, str) and value.startswith("hex:") else value


DEFAULTS = {"state": False, "states": False, "open": True, "agreedOnly": False, "startEmptyWhenStateIsLost": False, "slowConsumerTimeout": 30000}


class Vectors(unittest.TestCase):
    def test_every_frame_is_encoded_as_its_vector_and_decoded_from_it(self):
        for vector in GATEWAY["frames"]:
            with self.subTest(vector["name"]):
                fields = [plain(value) for value in vector["fields"].values()]
                if vector["kind"] == frames.Kind.JOIN:
                    fields[3] = {key: value for key, value in fields[3].items() if value != DEFAULTS[key]}
                if vector["kind"] in (frames.Kind.PRIMARY_REGAINED, frames.Kind.GROUP_LOST):
                    fields = []
                data = bytes.fromhex(vector["hex"])
                self.assertEqual(frames.encode((vector["kind"], *fields)), data)
                self.assertEqual(frames.decode(data[4:]), (vector["kind"], *fields))

    def test_bad_frames_are_refused_unless_only_the_daemon_checks_the_rule(self):
        # Sizes and ranges of single fields are the daemon's to check.
        lenient = {"order-0", "order-5", "flags-16", "session-of-3-bytes", "option-not-bool", "nested-too-deep"}
        refused = set()
        for vector in GATEWAY["bad"]:
            try:
                frames.decode(bytes.fromhex(vector["hex"])[4:])
            except frames.BadFrame:
                refused.add(vector["name"])
        self.assertEqual({vector["name"] for vector in GATEWAY["bad"]} - lenient, refused)

    def test_what_a_later_version_adds_is_passed_over(self):
        frame_of = {vector["name"]: frames.decode(bytes.fromhex(vector["hex"])[4:]) for vector in GATEWAY["frames"]}
        for vector in GATEWAY["additive"]:
            with self.subTest(vector["name"]):
                frame = frames.decode(bytes.fromhex(vector["hex"])[4:])
                if vector["name"] == "unknown-option":
                    frame = (*frame[:4], {})
                self.assertEqual(frame, frame_of.get(vector["readAs"]))

    def test_integers_of_64_bits_and_every_size_survive(self):
        for value in (0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, 2**64 - 1, -1, -32, -33, -128, -129, -(2**15) - 1, -(2**31) - 1, -(2**63)):
            self.assertEqual(msgpack.unpack(msgpack.pack(value)), value)
        for size in (0, 31, 32, 255, 256, 65535, 65536):
            for value in ("x" * size, b"x" * size, [1] * size, {str(key): None for key in range(size)}):
                self.assertEqual(msgpack.unpack(msgpack.pack(value)), value)

    def test_typed_messages_are_encoded_as_their_vectors_and_decoded_from_them(self):
        def value(field):
            if isinstance(field, str) and field.startswith("int:"):
                return int(field[4:])
            return plain(field)

        for vector in json.loads((VECTORS / "typed" / "index.json").read_text())["messages"]:
            with self.subTest(vector["name"]):
                fields = {key: value(field) for key, field in vector["fields"].items()}
                fields["Price"] = float(fields["Price"])
                self.assertEqual(msgpack.unpack(bytes.fromhex(vector["hex"])), fields)
                self.assertEqual(msgpack.pack(fields).hex(), vector["hex"])

    def test_random_bytes_never_fail_otherwise(self):
        import random

        draw = random.Random(84)
        for _ in range(20000):
            data = bytes([0x90 | draw.randrange(10)]) + draw.randbytes(draw.randrange(40))
            try:
                frames.decode(data)
            except frames.BadFrame:
                pass


if __name__ == "__main__":
    unittest.main()
