"""Vectors in Milvus: one collection, reached over the network, or in this process as Milvus Lite.

What it takes. Measured (`tests.bench.milvus`: 20,000 paragraphs of television news, 103 characters each on the average;
two cores, Milvus Lite 3.2.2 in the same process):

- 153 non-zeros a paragraph; 1,125 bytes a paragraph in Lite's files, and 405 in the ledger, falling as terms come again
- 619 paragraphs a second in, by one process, most of it for cutting words (the archive's own index: 1,117)
- 661 ms a question at the median, and 118 ms among 5,000 paragraphs: Lite scores in Python, so its time grows with the
  paragraphs. It bounds nothing but Lite: no server has been measured
- first ten as those of the own index: 99.3 % of the hits, MRR@10 the same to four digits

Computed from it, with 8 bytes a weight and 4 a term's id, neither compressed nor with copies:

                    vectors    terms     ledger           one process puts them in
  1 million         1.2 GB     0.6 GB    up to 0.4 GB     27 minutes
  100 million       122 GB     61 GB     up to 40 GB      45 hours

A query node holds both indexes in its memory, and needs as much again while it loads and compacts: 4 GB for a million,
which the archive's own index serves as well; for a hundred million, eight nodes of 64 GB, filled by three quarters, or
twice that with a copy of each. Where paragraphs stand (9 bytes an id) stays in the bot's memory: 0.9 GB then.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np

from bot.search.matching import IndexUnavailableError
from bot.search.sums import Positions, Scores

log = logging.getLogger(__name__)

MOST = 16_384
"""Results of one question: Milvus gives no more."""

WEIGHTS = 1_000_000
"""Weights written in one call: 12 MB, below the 64 MB that Milvus takes."""

CAPACITY = 4_096
"""Entries of an array field: Milvus takes no more."""

_PATIENCE = 10.0
"""Seconds that one call to a server may take."""

_LITE_PATIENCE = 300.0
"""Seconds that one to Milvus Lite may: its first question reads the whole index."""

_PORT = 19530

Vector = dict[int, float]


@dataclass(frozen=True)
class Address:
    """Where Milvus is.

    Attributes:
        uri: What pymilvus is given: http(s)://host:port, or a file's path for Milvus Lite.
        token: `user:password`, an API key, or "".
        database: The name of the database on the server; "" is its default.
    """

    uri: str
    token: str = field(default="", repr=False)
    database: str = ""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read `milvus+http://user:password@host:port/database` or `milvus+folder/file.db`.

        Raises:
            ValueError: It is neither.
        """
        rest = text.removeprefix("milvus+")
        if rest == text or not rest:
            raise ValueError("an address of Milvus begins with milvus+")
        if not re.match(r"https?://", rest):
            if not rest.endswith(".db") or "://" in rest:
                raise ValueError("an address of Milvus is milvus+http://HOST:19530, or milvus+FILE.db for Milvus Lite")
            return cls(rest)
        parts = urlsplit(rest)
        if not parts.hostname:
            raise ValueError("an address of Milvus names a host: milvus+http://HOST:19530")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        token = ":".join(unquote(part) for part in (parts.username, parts.password) if part)
        return cls(f"{parts.scheme}://{host}:{parts.port or _PORT}", token, parts.path.strip("/"))

    @property
    def lite(self) -> bool:
        return "://" not in self.uri

    @property
    def secrets(self) -> list[str]:
        """What must not be seen in a log."""
        return [part for part in (self.token, self.token.partition(":")[2]) if part]


class VectorStore:
    """Sparse vectors by paragraph number, and the terms that each holds. Any thread may use it.

    All methods raise `IndexUnavailableError` where Milvus does not do what it is asked.
    """

    def __init__(self, address: Address) -> None:
        """It is connected to at the first call."""
        self.address = address
        self._patience = _LITE_PATIENCE if address.lite else _PATIENCE
        self._client: Any = None
        self._loaded: set[str] = set()
        self._lock = Lock()  # guards the two above

    def has(self, collection: str) -> bool:
        with self._connected() as client:
            return bool(collection) and bool(client.has_collection(collection, timeout=self._patience))

    def create(self, collection: str) -> None:
        """Make a collection, unless there is one of this name."""
        if collection in self._loaded or self.has(collection):
            return
        with self._connected() as client:
            from pymilvus import DataType, MilvusException

            schema = client.create_schema(auto_id=False)
            schema.add_field("number", DataType.INT64, is_primary=True)
            schema.add_field("terms", DataType.ARRAY, element_type=DataType.INT32, max_capacity=CAPACITY)
            schema.add_field("weights", DataType.SPARSE_FLOAT_VECTOR)
            indexes = client.prepare_index_params()
            indexes.add_index("weights", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            # strong: what was added before a question is found by it
            client.create_collection(
                collection, schema=schema, index_params=indexes, consistency_level="Strong", timeout=self._patience
            )
            of_terms = client.prepare_index_params()
            of_terms.add_index("terms", index_type="INVERTED")
            try:
                client.create_index(collection, of_terms, timeout=self._patience)
            except MilvusException:  # Milvus Lite has none for arrays; without it, the answers are the same
                log.info("There is no index on the terms in Milvus: questions with numbers take longer.")

    def drop(self, collection: str) -> None:
        with self._connected() as client:
            client.drop_collection(collection, timeout=self._patience)

    def put(self, collection: str, rows: Sequence[tuple[int, Vector]]) -> None:
        """Write vectors; a number that is there gets the new one."""
        ends = np.cumsum([len(vector) for _, vector in rows], dtype=np.int64) // WEIGHTS
        with self._connected() as client:
            for _, call in groupby(zip(ends.tolist(), rows, strict=True), key=lambda one: one[0]):
                data = [{"number": n, "terms": sorted(v)[:CAPACITY], "weights": v} for _, (n, v) in call]
                client.upsert(collection, data, timeout=self._patience)
            if self.address.lite and rows:  # only what is flushed has an index; a server sees to it itself
                client.flush(collection, timeout=self._patience)

    def delete(self, collection: str, numbers: Sequence[int]) -> None:
        """Remove vectors; those that are not there are passed over."""
        with self._loaded_collection(collection) as client:
            client.delete(collection, ids=list(numbers), timeout=self._patience)

    def best(
        self, collection: str, vectors: Sequence[Vector], limit: int, where: str = ""
    ) -> list[tuple[Positions, Scores]]:
        """For each vector the numbers of those with the highest inner products, all above 0, and these products."""
        with self._loaded_collection(collection) as client:
            found = client.search(
                collection,
                data=list(vectors),
                anns_field="weights",
                limit=min(limit, MOST),
                filter=where,
                output_fields=["number"],
                search_params={"metric_type": "IP"},
                timeout=self._patience,
            )
            return [
                (np.array([hit["number"] for hit in hits], np.int64), np.array([hit["distance"] for hit in hits]))
                for hits in found
            ]

    def numbers(self, collection: str, where: str, limit: int | None = None) -> Positions:
        """Ascending: the numbers that meet a condition, so many of them or all."""
        found: list[int] = []
        with self._loaded_collection(collection) as client:
            if limit is not None:
                rows = client.query(
                    collection, filter=where, output_fields=["number"], limit=limit, timeout=self._patience
                )
                return np.array(sorted(row["number"] for row in rows), np.int64)
            pages = client.query_iterator(
                collection, batch_size=MOST, filter=where, output_fields=["number"], timeout=self._patience
            )
            while rows := pages.next():
                found += (row["number"] for row in rows)
            pages.close()
        return np.array(sorted(found), np.int64)

    def close(self) -> None:
        with self._lock, suppress(Exception):
            if self._client is not None:
                self._client.close()
                if self.address.lite:  # so that another one may open the file
                    from milvus_lite.server_manager import server_manager_instance

                    server_manager_instance.release_server(self.address.uri)
            self._client = None

    @contextmanager
    def _loaded_collection(self, collection: str) -> Iterator[Any]:
        with self._connected() as client:
            if collection not in self._loaded:
                client.load_collection(collection, timeout=self._patience)
                self._loaded.add(collection)
            yield client

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        try:
            from grpc import RpcError
            from pymilvus import MilvusException
        except ImportError:
            raise IndexUnavailableError(
                "NEWSBOT_SEARCH names Milvus, and there is no pymilvus: pip install 'newsbot[milvus]'"
            ) from None
        try:
            with self._lock:
                if self._client is None:
                    self._client = self._connect()
            yield self._client
        except (MilvusException, RpcError, OSError) as error:  # their own words may repeat what they were given
            raise IndexUnavailableError(self._advice(error)) from None

    def _connect(self) -> Any:
        from pymilvus import MilvusClient

        for library in ("pymilvus", "milvus_lite", "grpc"):  # they log what they raise, with handlers of their own
            logging.getLogger(library).setLevel(logging.CRITICAL)
        where = self.address
        return MilvusClient(where.uri, token=where.token, db_name=where.database, timeout=self._patience)

    def _advice(self, error: Exception) -> str:
        said = str(error.details() if hasattr(error, "details") else getattr(error, "message", error))
        for secret in self.address.secrets:
            said = said.replace(secret, "[secret]")
        if self.address.lite:
            what = "is the file in use by another process (Milvus Lite serves one at a time), or not writable?"
        else:
            what = "is the server up, and are the address, the user and the password in NEWSBOT_SEARCH right?"
        return f"the search index in Milvus at {self.address.uri} does not answer: {what} ({said})"
