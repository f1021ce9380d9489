# What checks outside of pytest need of the environment; tests/environment.py says it for pytest.
export ENV_FILE="" DEVELOPMENT=1 SECRET_KEY="only-for-checks-only-for-checks-only-for-checks-only"
export DATABASE_URL="${DATABASE_URL:-sqlite://:memory:}" DATA_DIR="${TMPDIR:-/tmp}"
