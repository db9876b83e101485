// 'Opgegaan in maatregel' is asked only with the status that goes with it.
const status = document.querySelector("#id_status");
const target = document.querySelector("#veld-merged_into");
if (status && target) {
  const show = () => {
    const merged = status.value === "opgegaan-in";
    target.hidden = !merged;
    if (!merged) target.querySelector("select").value = "";
  };
  status.addEventListener("change", show);
  // An error beside the field must stay in sight.
  if (!target.querySelector(".errorlist")) show();
}
